//! What a directory without a stack is written with, so that an error can say how its stack is made.

use std::path::Path;

/// What to do in a directory that a framework makes a stack of, or whose files are not read.
pub(super) fn advice(directory: &Path) -> Option<&'static str> {
    let has = |name: &str| directory.join(name).is_file();
    if has("cdk.json") {
        return Some("`cdk synth` writes the stacks of this CDK app into cdk.out, which is read");
    }
    if has("serverless.ts") || has("serverless.js") {
        return Some("`serverless package` writes the stack of this service into .serverless, which is read");
    }
    let mut entries = std::fs::read_dir(directory).ok()?.flatten();
    entries
        .any(|entry| entry.path().extension().is_some_and(|extension| extension == "tf"))
        .then_some("Terraform's files are not read; a definition in a file of its own (`NAME.asl.json`) is")
}
