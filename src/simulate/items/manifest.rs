use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde_json::Value;

use super::csv::{self, Csv};
use super::{ItemsFault, json};

/// How big a file of an inventory may be when it is unpacked, in bytes. A packed one could say anything.
const MAX_UNPACKED: u64 = 1 << 30;

/// A manifest: the files that hold the items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manifest {
    /// The manifest of an [S3 Inventory](https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html).
    Inventory {
        /// The bucket that its files are in: `destinationBucket`, out of its ARN.
        bucket: String,
        /// The names of the columns.
        columns: Vec<String>,
        /// The files.
        files: Vec<ManifestFile>,
    },
    /// A list of `s3://bucket/key`, one a line, as Athena's `UNLOAD` writes.
    Files(Vec<String>),
}

/// A file of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ManifestFile {
    /// The key of the file, in the bucket that the manifest names.
    pub key: String,
    /// Its size in bytes, packed.
    #[serde(default)]
    pub size: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InventoryManifest {
    destination_bucket: String,
    file_format: String,
    file_schema: String,
    files: Vec<ManifestFile>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// It is neither of the forms, or an inventory in another format than CSV.
    pub fn parse(bytes: &[u8]) -> Result<Self, ItemsFault> {
        if !bytes.trim_ascii_start().starts_with(b"{") {
            let text = String::from_utf8_lossy(bytes);
            let files: Vec<String> = text
                .lines()
                .map(|line| line.trim().trim_matches('"').to_owned())
                .filter(|line| !line.is_empty())
                .collect();
            return match files.iter().find(|file| !file.starts_with("s3://")) {
                Some(file) => {
                    Err(ItemsFault::new(format!("The manifest names `{file}`, which does not begin with s3://")))
                }
                None => Ok(Self::Files(files)),
            };
        }
        let manifest: InventoryManifest = serde_json::from_slice(bytes)
            .map_err(|error| ItemsFault::new(format!("The manifest of the inventory cannot be read: {error}")))?;
        if manifest.file_format != "CSV" {
            let format = manifest.file_format;
            return Err(ItemsFault::new(format!("An inventory in the format {format} cannot be read, only in CSV")));
        }
        let bucket = manifest.destination_bucket.rsplit(':').next().unwrap_or_default().to_owned();
        let columns = manifest.file_schema.split(',').map(|column| column.trim().to_owned()).collect();
        Ok(Self::Inventory { bucket, columns, files: manifest.files })
    }

    /// The items of one of its files: a row of an inventory as an object of its columns, or a line of JSON.
    ///
    /// # Errors
    ///
    /// The file is not of its format, or grows beyond bounds when it is unpacked.
    pub fn file_items(&self, bytes: &[u8], limit: usize) -> Result<Vec<Value>, ItemsFault> {
        let unpacked = unpack(bytes)?;
        let bytes = unpacked.as_deref().unwrap_or(bytes);
        match self {
            Self::Inventory { columns, .. } => csv::items(&Csv::given(columns.clone()), bytes, limit),
            Self::Files(_) => json::lines(bytes, limit),
        }
    }

    /// The files themselves as items, where they are not to be read.
    pub fn items(&self, limit: usize) -> Vec<Value> {
        match self {
            Self::Inventory { files, .. } => {
                files.iter().take(limit).map(|file| Value::from(file.key.as_str())).collect()
            }
            Self::Files(files) => files.iter().take(limit).map(|file| Value::from(file.as_str())).collect(),
        }
    }
}

/// The bytes of a file packed with gzip; nothing, where it is not.
fn unpack(bytes: &[u8]) -> Result<Option<Vec<u8>>, ItemsFault> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(None);
    }
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(MAX_UNPACKED + 1)
        .read_to_end(&mut unpacked)
        .map_err(|error| ItemsFault::new(format!("The file cannot be unpacked: {error}")))?;
    if unpacked.len() as u64 > MAX_UNPACKED {
        return Err(ItemsFault::new("The file is larger than 1 GiB when it is unpacked"));
    }
    Ok(Some(unpacked))
}
