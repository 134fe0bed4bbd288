use crate::lint::rule::rule;
use crate::lint::task::{Given, ServiceTask};
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::below;

rule! {
    /// Copy source that is not URL-encoded
    ///
    /// # What it does
    /// Looks for calls of `s3:copyObject` and `s3:uploadPartCopy` whose `CopySource` is made of an object's key as S3's events have it:
    /// that has to be encoded as in a URL, and the key is not.
    ///
    /// Source: S3's reference of [CopyObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html): "The value must be URL-encoded."
    ///
    /// # Why is this bad
    /// Files whose names have blanks, `+`, `%` or letters outside of ASCII are not found, or others are copied in their place.
    ///
    /// # Example
    /// ```json
    /// "CopySource.$": "States.Format('{}/{}', $.detail.bucket.name, $.detail.object.key)"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "CopySource": "{% $states.input.detail.bucket.name & '/' & $encodeUrlComponent($states.input.detail.object.key) %}"
    /// ```
    pub(super) static RULE: "API207", "copy-source", Warning = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(task) = ServiceTask::of(state, machine).filter(|task| task.call.service() == "s3") else { return };
    if !["copyObject", "uploadPartCopy"].contains(&task.call.action()) {
        return;
    }
    let Some(parameters) = task.parameters else { return };
    let Given::Open(node) = Given::of(parameters, "CopySource") else { return };
    let Some(text) = node.as_str().filter(|text| text.contains("detail.object.key")) else { return };
    // `$replace` may do it too.
    if !text.contains("ncodeUrl") && !text.contains("eplace") {
        let name = if text.starts_with("{%") { "CopySource" } else { "CopySource.$" };
        findings
            .add(
                machine.place(&below(&task.pointer, name), node),
                "the object's key is not encoded: files whose names have blanks or `+` are not copied",
            )
            .help("encode it in JSONata: `$encodeUrlComponent(...)`");
    }
}
