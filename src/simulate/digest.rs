//! The hashing algorithms that both query languages know.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// The digest of a text, in hexadecimal digits; nothing for an algorithm that is not known.
pub(super) fn hex(text: &str, algorithm: &str) -> Option<String> {
    Some(match algorithm {
        "MD5" => digits(&Md5::digest(text)),
        "SHA-1" => digits(&Sha1::digest(text)),
        "SHA-256" => digits(&Sha256::digest(text)),
        "SHA-384" => digits(&Sha384::digest(text)),
        "SHA-512" => digits(&Sha512::digest(text)),
        _ => return None,
    })
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standards() {
        assert_eq!(hex("abc", "MD5").as_deref(), Some("900150983cd24fb0d6963f7d28e17f72"));
        assert_eq!(hex("abc", "SHA-1").as_deref(), Some("a9993e364706816aba3e25717850c26c9cd0d89d"));
        assert!(hex("abc", "SHA-256").is_some_and(|digest| digest.starts_with("ba7816bf8f01cfea")));
        assert_eq!(hex("abc", "CRC"), None);
    }
}
