//! What S3 says of objects, read from its published model.

use std::sync::LazyLock;

use super::integration::{Call, Style};
use super::service_model::{Kind, Type};

static STORAGE_CLASSES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let class = head().and_then(|answer| answer.member("StorageClass"));
    match class.map(|member| member.of.kind()) {
        Some(Kind::Enum(classes)) => classes,
        _ => Vec::new(),
    }
});

static CHECKSUM_ALGORITHMS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let Some(Kind::Structure(members)) = head().map(Type::kind) else { return Vec::new() };
    let checksums = members.iter().filter_map(|member| member.native.strip_prefix("Checksum"));
    checksums.filter(|algorithm| *algorithm != "Type").map(str::to_owned).collect()
});

/// What [`HeadObject`](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html) answers.
fn head() -> Option<Type> {
    Some(Call::named(Style::Sdk, "s3", "headObject")?.answer()?.of)
}

/// The [storage classes](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html) of objects.
pub fn storage_classes() -> &'static [&'static str] {
    &STORAGE_CLASSES
}

/// The [algorithms](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html) of the checksums that S3 keeps,
/// as the members of its answers spell them: `SHA256` of `ChecksumSHA256`.
pub fn checksum_algorithms() -> &'static [String] {
    &CHECKSUM_ALGORITHMS
}

/// The longest [key](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html) of an object, in bytes of UTF-8.
pub const MAX_KEY: usize = 1_024;

/// Whether objects of a storage class have to be [restored](https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html)
/// before they can be read.
pub fn is_archive(storage_class: &str) -> bool {
    matches!(storage_class, "GLACIER" | "DEEP_ARCHIVE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_has_the_words() {
        for class in ["STANDARD", "GLACIER_IR", "FSX_OPENZFS", "FSX_ONTAP"] {
            assert!(storage_classes().contains(&class), "{class}");
        }
        let archives: Vec<_> = storage_classes().iter().filter(|class| is_archive(class)).collect();
        assert_eq!(archives, [&"GLACIER", &"DEEP_ARCHIVE"]);
        for algorithm in ["SHA1", "SHA256", "CRC32", "CRC32C", "CRC64NVME"] {
            assert!(checksum_algorithms().iter().any(|known| known == algorithm), "{algorithm}");
        }
        assert!(!checksum_algorithms().iter().any(|known| known == "Mode" || known == "Type"));
    }
}
