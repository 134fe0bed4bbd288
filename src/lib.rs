//! Bucketbook keeps a table of a bucket's files up to date, from the bucket's events and without code to run.
//!
//! An S3 bucket sends its events to EventBridge, a rule starts a Step Functions state machine, and the state machine writes
//! the file's record to DynamoDB. This crate renders that stack, a SAM template and its ASL definition, from one typed
//! model whose types cannot express the faults of stacks that are written by hand.
//!
//! # From a spec
//!
//! A [`spec::Spec`] is the content of `bucketbook.yaml`; [`catalog::stack`] turns it into a [`stack::Stack`], and
//! [`Stack::files`](stack::Stack::files) renders that.
//!
//! ```
//! use bucketbook::catalog;
//! use bucketbook::name::BucketName;
//! use bucketbook::spec::{Layout, Spec};
//!
//! let mut spec = Spec::default();
//! spec.bucket.name = Some(BucketName::parse("holiday-photos")?.into());
//! spec.table.layout = Layout::History;
//!
//! let stack = catalog::stack(&spec)?;
//! let files = stack.files()?;
//! let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
//! assert_eq!(paths, ["template.yaml", "definitions/object_created.asl.json", "samconfig.toml"]);
//! assert!(files[0].text.contains("BucketName: holiday-photos"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # From the model itself
//!
//! A template is built resource by resource; a reference to one is the [`stack::Handle`] that adding it returned.
//!
//! ```
//! use bucketbook::dynamodb::{KeyAttribute, KeySchema};
//! use bucketbook::name::{AttributeName, LogicalId, StackName};
//! use bucketbook::stack::{Stack, Table, TemplateBuilder};
//!
//! let mut template = TemplateBuilder::new("A table");
//! let key = KeySchema::hash(KeyAttribute::string(AttributeName::parse("fileName")?));
//! let table = template.add(LogicalId::parse("FilesTable")?, Table::on_demand(None, &key))?;
//! template.output(LogicalId::parse("TableArn")?, "The table", table.arn())?;
//!
//! let stack = Stack::new(StackName::parse("just-a-table")?, template.finish()?, Default::default())?;
//! assert!(stack.files()?[0].text.contains("Value: !GetAtt FilesTable.Arn"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The rooms
//!
//! From the lowest layer up; `ARCHITECTURE.md` says what each may import.
//!
//! - Foundations: [`name`] (names, validated), [`aws`] (service calls, resource types, published models), [`source`] and [`diagnostic`]
//!   (text with positions, and what is wrong in it).
//! - Languages: [`asl`] (definitions, paths, intrinsic functions), [`eventbridge`] (patterns and S3's events), [`dynamodb`] (items, keys,
//!   expressions).
//! - Writing: [`spec`] (the options), [`catalog`] (turns them into a stack), [`stack`] (a template and its definitions), [`files`] (on
//!   disk).
//! - Reading: [`loaded`] (any stack), [`outline`] (an overview of its definitions), [`permissions`] (what roles need and have),
//!   [`lint`] (what will break), [`graph`] (pictures).
//! - Running, with the feature `simulate`: [`simulate`] (the interpreter), [`prove`] (every order of a few events), [`cost`] (bills),
//!   [`report`] (all of it on one page).
//! - Editors: [`ide`] (queries about a position), [`pages`] (specs and scenarios, with the feature `simulate`), [`lsp`] (the language
//!   server, with the feature `lsp`).
//! - [`cli`]: the command, with the feature `cli`.
//!
//! Without default features the crate reads, checks, draws and generates stacks, and needs neither a table engine nor a terminal.

pub mod asl;
pub mod aws;
pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "simulate")]
pub mod cost;
pub mod diagnostic;
pub mod dynamodb;
pub mod eventbridge;
pub mod files;
pub mod graph;
pub mod ide;
pub mod lint;
pub mod loaded;
#[cfg(feature = "lsp")]
pub mod lsp;
pub mod name;
pub mod outline;
#[cfg(feature = "simulate")]
pub mod pages;
pub mod permissions;
#[cfg(feature = "simulate")]
pub mod prove;
#[cfg(feature = "simulate")]
pub mod report;
#[cfg(feature = "simulate")]
pub mod simulate;
pub mod source;
pub mod spec;
pub mod stack;
