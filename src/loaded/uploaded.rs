//! Files that [`aws cloudformation package`](https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html) uploaded, and that are here
//! too: it names each object after the MD5 digest of its content.

use std::path::{Path, PathBuf};

use md5::{Digest, Md5};

use super::walk::walk;
use super::{MAX_FILE, Overlay};

/// How many files are looked at.
const MAX_FILES: usize = 20_000;

/// The file below a template's directory whose content an object has, as the key or the address of the object says.
pub(super) fn file(template: &Path, address: &str, overlay: &Overlay) -> Option<PathBuf> {
    let digest = digest_in(address)?;
    let directory = template.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let enters = |name: &str| !matches!(name, "node_modules" | "target");
    let files = walk(directory, enters).ok()?.into_iter().take(MAX_FILES);
    let mut files = files.filter(|entry| {
        let length = entry.metadata().ok().filter(|metadata| metadata.is_file()).map(|metadata| metadata.len());
        length.is_some_and(|length| length <= MAX_FILE as u64) && may_be_meant(entry.path())
    });
    let found = files.find(|entry| {
        let path = entry.path();
        let content = overlay.get(path).map(|text| text.as_bytes().to_vec()).or_else(|| std::fs::read(path).ok());
        content.is_some_and(|content| hex(&content) == digest)
    })?;
    let path = found.into_path();
    Some(path.strip_prefix("./").map(Path::to_owned).unwrap_or(path))
}

/// The digest that the last part of an address is, with or without an extension.
fn digest_in(address: &str) -> Option<&str> {
    let name = address.rsplit('/').next()?;
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    (stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)))
        .then_some(stem)
}

fn may_be_meant(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, None | Some("json" | "yaml" | "yml" | "asl" | "template"))
}

fn hex(content: &[u8]) -> String {
    Md5::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_content_alone() {
        let folder = tempfile::tempdir().unwrap();
        let template = folder.path().join("packaged.yaml");
        std::fs::create_dir(folder.path().join("definitions")).unwrap();
        std::fs::write(folder.path().join("definitions/a.asl.json"), "{}").unwrap();
        std::fs::write(folder.path().join("b.json"), "[]").unwrap();
        let digest = hex(b"{}");
        let found = |address: &str| file(&template, address, &Overlay::default());
        let expected = Some(folder.path().join("definitions/a.asl.json"));
        assert_eq!(found(&format!("s3://bucket/prefix/{digest}")), expected);
        assert_eq!(found(&format!("https://s3.amazonaws.com/bucket/{digest}.template")), expected);
        assert_eq!(found(&format!("s3://bucket/{}", "0".repeat(32))), None);
        assert_eq!(found("s3://bucket/a.asl.json"), None);
    }
}
