use super::{Breach, Rule, name_type};

name_type! {
    /// What the keys of some objects begin with.
    KeyPrefix
}

impl Rule for KeyPrefix {
    const KIND: &'static str = "key prefix";
    const RULE: &'static str = "a key prefix has 1 to 1024 bytes of UTF-8, as an object's key has";
    const URL: &'static str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html";
    const LENGTH: (usize, usize) = (1, 1024);
    const PATTERN: Option<&'static str> = None;
    const EXAMPLE: &'static str = "photos/";

    fn length(text: &str) -> usize {
        text.len()
    }

    fn breach(_: &str) -> Option<Breach> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_as_long_as_a_key() {
        for prefix in ["photos/", "/", "a b+c/ü", "${x}", "%}", &"é".repeat(512)] {
            assert!(KeyPrefix::parse(prefix).is_ok(), "{prefix}");
        }
        assert!(KeyPrefix::parse("").is_err() && KeyPrefix::parse("é".repeat(513)).is_err());
    }
}
