use crate::aws::ResourceType;
use crate::aws::pipes::PipeSource;
use crate::eventbridge::{InputTemplate, Slot};
use crate::lint::Findings;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate, below, references};
use crate::source::{Node, why_not_json};

rule! {
    /// Invalid input template of a pipe
    ///
    /// # What it does
    /// Checks the `InputTemplate` of a pipe: its paths begin with a field that the records of the source have, and it produces JSON where
    /// the target is a state machine.
    ///
    /// Source: [input transformation of pipes](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html).
    ///
    /// # Why is this bad
    /// Step Functions takes only JSON, so executions may not start; and a path that leads nowhere gives nothing.
    ///
    /// # Example
    /// ```yaml
    /// TargetParameters:
    ///   InputTemplate: '{"key": <$.Body.key>'
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// TargetParameters:
    ///   InputTemplate: '{"key": <$.body.key>}'
    /// ```
    pub(super) static RULE: "EVT508", "pipe-input", Warning = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else { return };
    for resource in template.of_type(ResourceType::PipesPipe) {
        let Some(properties) = template.properties(&resource.logical_id) else { continue };
        for part in ["EnrichmentParameters", "TargetParameters"] {
            let parameters = properties.get(part).filter(|node| Call::of(node).is_none());
            let Some(node) = parameters.and_then(|node| node.get("InputTemplate")) else { continue };
            let known = |text: &&str| Call::of(node).is_none() && !text.contains("${") && !text.contains("{{");
            let Some(text) = node.as_str().filter(known) else { continue };
            let place = template.place(&resource.logical_id, &format!("{}/InputTemplate", below("", part)), node);
            let enriched = part == "TargetParameters" && properties.get("Enrichment").is_some();
            let unknown = source(template, properties).filter(|_| !enriched).and_then(|source| unknown(text, source));
            if let Some((path, near)) = unknown {
                let message =
                    format!("the records of the source have nothing at `{path}`, so the target gets nothing for it");
                let help = format!("did you mean `{near}`?");
                findings.add(place.clone(), message).help(help);
            }
            let target = properties.get("Target").filter(|_| part == "TargetParameters");
            if let Some(why) = target.filter(|target| starts(template, target)).and_then(|_| not_json(text)) {
                let message = format!("the template does not produce JSON, which a state machine needs: {why}");
                // AWS's own page has such templates, so a pipe may mend some.
                findings.add(place, message);
            }
        }
    }
}

/// What the records of a pipe are, if the template has its source.
fn source(template: &LoadedTemplate, properties: &Node) -> Option<&'static PipeSource> {
    let reference = references(properties.get("Source")?).into_iter().next()?;
    let resource = template.resources.get(&reference.name)?;
    let service = match ResourceType::of(&resource.resource_type)? {
        ResourceType::SqsQueue => "sqs",
        ResourceType::DynamoDbTable => "dynamodb",
        _ => return None,
    };
    PipeSource::of(Some(service), |_| false)
}

/// The first path of a template that no record has, and the field that was meant.
fn unknown(text: &str, source: &PipeSource) -> Option<(String, &'static str)> {
    let template = InputTemplate::of_pipe(text);
    let first = |path: &str| Some(path.strip_prefix("$.")?.split(['.', '[']).next()?.to_owned());
    template.variables().find_map(|path| {
        let name = first(path)?;
        let fields = || source.fields.iter().map(|(field, _)| *field);
        let is_known = fields().any(|field| field == name);
        let near = (!is_known).then(|| nearest(&name, fields())).flatten()?;
        Some((path.to_owned(), near))
    })
}

/// Whether the target is a state machine of the template.
fn starts(template: &LoadedTemplate, target: &Node) -> bool {
    let found = references(target).into_iter().next().and_then(|reference| template.resources.get(&reference.name));
    found.is_some_and(|resource| resource.is_one_of(&ResourceType::STATE_MACHINES))
}

/// Why a template gives no JSON, whatever its variables are.
fn not_json(text: &str) -> Option<String> {
    let fill = |_: &str, slot| if slot == Slot::Value { "0".to_owned() } else { "x".to_owned() };
    let filled = InputTemplate::of_pipe(text).fill(fill);
    // A variable of another form may be left.
    if filled.contains('<') {
        return None;
    }
    let error = serde_json::from_str::<serde_json::Value>(&filled).err()?;
    Some(why_not_json(&filled, &error))
}
