//! Where the objects are: a bucket that the stack makes, or one that is there already.

use super::{CatalogError, id, new_bucket};
use crate::aws::cloudformation::Pseudo;
use crate::name::BucketName;
use crate::spec::Spec;
use crate::stack::{Bucket, Deferred, EncryptionKey, Handle, Sub, TemplateBuilder, Value};

/// The bucket whose objects are recorded.
pub(super) enum Source {
    /// One that the stack makes.
    Made {
        handle: Handle<Bucket>,
        /// Its name, if it has one of its own.
        name: Option<Deferred<BucketName>>,
    },
    /// One that was there before.
    Existing(Deferred<BucketName>),
}

/// The bucket that a spec asks for; if the stack is to make it, it does.
pub(super) fn bucket(
    spec: &Spec,
    template: &mut TemplateBuilder,
    key: Option<&EncryptionKey>,
) -> Result<Source, CatalogError> {
    let Some(name) = &spec.bucket.existing else {
        let handle = new_bucket::add(spec, template, key)?;
        return Ok(Source::Made { handle, name: spec.bucket.name.clone() });
    };
    faults(spec).into_iter().next().map_or(Ok(()), Err)?;
    Ok(Source::Existing(name.clone()))
}

/// What is chosen about a bucket that the stack does not make.
pub(super) fn faults(spec: &Spec) -> Vec<CatalogError> {
    let bucket = &spec.bucket;
    if bucket.existing.is_none() {
        return Vec::new();
    }
    let lifecycle =
        bucket.lifecycle.abort_incomplete_uploads_days.is_some() || bucket.lifecycle.expire_old_versions_days.is_some();
    let options = [
        ("name", bucket.name.is_some()),
        ("block_public_access", bucket.block_public_access),
        ("encryption", bucket.encryption.is_some()),
        ("tls_only", bucket.tls_only),
        ("access_logs", bucket.access_logs.is_some()),
        ("ownership_enforced", bucket.ownership_enforced),
        ("lifecycle", lifecycle),
    ];
    let chosen = options.into_iter().filter(|(_, chosen)| *chosen);
    let fault = |(option, _)| CatalogError::Choice {
        pointer: format!("/bucket/{option}"),
        message: format!("`bucket.{option}` is for a bucket that the stack creates, and this one exists already"),
        help: "leave it out, or leave `bucket.existing` out".to_owned(),
    };
    chosen.map(fault).collect()
}

impl Source {
    /// The bucket's name. A name that is known is written as it is, so that what names the bucket does not wait for it.
    pub(super) fn plain_name(&self) -> Value {
        match self {
            Self::Made { name: Some(name), .. } | Self::Existing(name) => name.text(),
            Self::Made { handle, name: None } => handle.reference(),
        }
    }

    /// The bucket's name, for what needs the bucket to be there.
    pub(super) fn reference(&self) -> Value {
        match self {
            Self::Made { handle, .. } => handle.reference(),
            Self::Existing(_) => self.plain_name(),
        }
    }

    /// The bucket's ARN.
    pub(super) fn arn(&self) -> Value {
        match self {
            Self::Made { handle, .. } => handle.arn(),
            Self::Existing(name) => {
                Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":s3:::").value(&name.text()).into()
            }
        }
    }

    /// Which bucket it is; and for one that exists, how to see whether it sends its events.
    pub(super) fn outputs(&self, template: &mut TemplateBuilder) -> Result<(), CatalogError> {
        if self.reference().imports() {
            return Ok(());
        }
        template.output(id("BucketName")?, "The bucket whose objects are recorded", self.reference())?;
        if let Self::Existing(name) = self {
            let description = "The bucket sends its events if this prints an EventBridgeConfiguration";
            let command = "aws s3api get-bucket-notification-configuration --bucket ";
            let command = match name.known() {
                Some(name) => Value::Text(format!("{command}{name}")),
                None => Sub::default().text(command).value(&name.text()).into(),
            };
            template.output(id("BucketEventsCheck")?, description, command)?;
        }
        Ok(())
    }
}
