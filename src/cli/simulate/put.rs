//! What `--put` says: a key, and after it what else is said of the object.

use crate::simulate::services::s3::{Upload, check_key};

/// An object that is put.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Put {
    /// Its key; without one, it is one that the stack's rules take.
    pub(super) key: Option<String>,
    /// What else is said of it.
    pub(super) object: Upload,
}

/// What can be said of an object.
const FIELDS: &str = "size, content_type, storage_class, checksum, metadata.NAME and tags.NAME";

/// Reads `KEY,size=5,content_type=text/plain,metadata.owner=Ada`. A comma is part of the text that it stands in unless `NAME=` follows it, and even then
/// behind a backslash.
pub(super) fn parse(text: &str) -> Result<Put, String> {
    let mut pieces = vec![0];
    let begins = |at: &usize| name_at(&text[at + 1..]).is_some() && !text[..*at].ends_with('\\');
    pieces.extend(text.match_indices(',').map(|(at, _)| at).filter(begins));
    let ends = pieces.iter().skip(1).copied().chain([text.len()]);
    let mut pieces = pieces.iter().zip(ends).map(|(start, end)| &text[*start..end]);
    let key = pieces.next().map(plain).filter(|key| !key.is_empty());
    key.as_deref().map_or(Ok(()), check_key)?;
    let (mut object, mut said) = (Upload::default(), Vec::new());
    for piece in pieces {
        let (name, value) = piece.trim_start_matches(',').split_once('=').unwrap_or_default();
        // S3 keeps the names of metadata in lower case.
        let known = if name.starts_with("metadata.") { name.to_lowercase() } else { name.to_owned() };
        if said.contains(&known) {
            return Err(format!("`{name}` is given twice"));
        }
        said.push(known);
        say(&mut object, name, plain(value))?;
    }
    Ok(Put { key, object })
}

/// The name at the beginning of `NAME=`, whether or not it is a known one: letters, `_` and `-`, and any name of the user's behind a point.
fn name_at(text: &str) -> Option<&str> {
    let (name, _) = text.split_once('=')?;
    let (word, inner) = name.split_once('.').unwrap_or((name, "x"));
    let is_word = !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphabetic() || "_-".contains(letter));
    (is_word && !inner.is_empty() && !inner.contains(',')).then_some(name)
}

/// A text without the backslashes that keep its commas from beginning a field.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\,") {
        plain.push_str(before);
        plain.push_str(if name_at(after).is_some() { "," } else { "\\," });
        rest = after;
    }
    plain + rest
}

fn say(object: &mut Upload, name: &str, value: String) -> Result<(), String> {
    match (name, name.split_once('.')) {
        ("size", _) => {
            let size = value.parse().map_err(|_| format!("`size={value}`: expected a number of bytes"))?;
            object.size = Some(size);
        }
        ("content_type", _) => object.content_type = Some(value),
        ("storage_class", _) => object.storage_class = Some(value.parse()?),
        ("checksum", _) => object.checksum = Some(value.parse()?),
        (_, Some(("metadata", name))) => drop(object.metadata.insert(name.to_owned(), value)),
        (_, Some(("tags", name))) => drop(object.tags.insert(name.to_owned(), value)),
        _ => {
            return Err(format!(
                "an object has no property `{name}`: there are {FIELDS}; write a comma that belongs to the key as `\\,{name}=`"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<String> {
        parse(text).unwrap().key
    }

    #[test]
    fn what_is_said_of_an_object_follows_its_key() {
        let text = "a b.txt,size=5,content_type=text/plain; charset=utf-8,storage_class=GLACIER_IR,checksum=CRC32:x==,\
            metadata.owner=Ada, Countess,tags.a.b=";
        let Put { key, object } = parse(text).unwrap();
        assert_eq!(key.as_deref(), Some("a b.txt"));
        assert_eq!(object.size, Some(5));
        assert_eq!(object.content_type.as_deref(), Some("text/plain; charset=utf-8"));
        assert_eq!(object.storage_class.unwrap().as_str(), "GLACIER_IR");
        assert_eq!(object.checksum.unwrap().to_string(), "CRC32:x==");
        assert_eq!(object.metadata["owner"], "Ada, Countess");
        assert_eq!(object.tags["a.b"], "");
    }

    #[test]
    fn a_key_may_have_commas() {
        for text in ["a,b.txt", "a,", ",a", "a, size=5", "x/1,2=3", "a\\,b", "a,b/c=d", "=,=", "day=1,,"] {
            assert_eq!(key(text).as_deref(), Some(text), "{text}");
        }
        assert_eq!(key("a\\,size=5,size=6").as_deref(), Some("a,size=5"));
        assert_eq!(key("\\,x=").as_deref(), Some(",x="));
        assert_eq!(parse("a\\,size=5,size=6").unwrap().object.size, Some(6));
    }

    #[test]
    fn without_a_key_there_may_still_be_fields() {
        assert_eq!(key(""), None);
        assert_eq!(parse(",size=7").unwrap(), Put { key: None, object: Upload::of_size(Some(7)) });
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |text: &str| parse(text).unwrap_err();
        assert_eq!(wrong("a,size=5kB"), "`size=5kB`: expected a number of bytes");
        let unknown = wrong("a,type=x");
        assert!(
            unknown.starts_with("an object has no property `type`: there are size, ")
                && unknown.ends_with("`\\,type=`")
        );
        assert!(wrong("a,storage_class=glacier").contains("did you mean `GLACIER`?"));
        assert_eq!(wrong("a,size=1,size=2"), "`size` is given twice");
        assert_eq!(wrong("a,metadata.A=1,metadata.a=2"), "`metadata.a` is given twice");
        assert_eq!(wrong(&"é".repeat(513)), "the key has 1026 bytes; S3 allows 1024");
        assert!(wrong("a,metadata=x").starts_with("an object has no property `metadata`"));
    }
}
