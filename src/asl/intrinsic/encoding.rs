use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::Digest;

use super::arguments::Arguments;
use super::evaluate::Computed;

/// How long a text may be that is encoded, decoded or hashed, in characters, as documented.
const MAX_LENGTH: usize = 10_000;

/// `States.Base64Encode`: a text as Base64.
pub(super) fn base64_encode(arguments: &Arguments<'_>) -> Computed {
    Ok(Value::String(STANDARD.encode(bounded(arguments.text(0)?)?)))
}

/// `States.Base64Decode`: to a text.
pub(super) fn base64_decode(arguments: &Arguments<'_>) -> Computed {
    let bytes = STANDARD.decode(bounded(arguments.text(0)?)?).map_err(|error| format!("Invalid Base64: {error}"))?;
    // As Java decodes UTF-8: what is none becomes the replacement character.
    Ok(Value::String(String::from_utf8_lossy(&bytes).into_owned()))
}

/// `States.Hash`: in hexadecimal digits. What is no text is hashed as its JSON.
pub(super) fn hash(arguments: &Arguments<'_>) -> Computed {
    let data = arguments.any(0)?;
    let data = data.as_str().map_or_else(|| data.to_string(), str::to_owned);
    let data = bounded(&data)?;
    let digest = match arguments.text(1)? {
        "MD5" => hexadecimal(&md5::Md5::digest(data)),
        "SHA-1" => hexadecimal(&sha1::Sha1::digest(data)),
        "SHA-256" => hexadecimal(&sha2::Sha256::digest(data)),
        "SHA-384" => hexadecimal(&sha2::Sha384::digest(data)),
        "SHA-512" => hexadecimal(&sha2::Sha512::digest(data)),
        other => return Err(format!("Invalid hashing algorithm: {other}")),
    };
    Ok(Value::String(digest))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bounded(text: &str) -> Result<&str, String> {
    if text.len() > MAX_LENGTH && text.encode_utf16().count() > MAX_LENGTH {
        return Err(format!("The length of the input exceeds the limit of {MAX_LENGTH} characters"));
    }
    Ok(text)
}
