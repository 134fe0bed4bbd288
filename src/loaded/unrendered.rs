//! Templates of templates: files of Jinja, Cookiecutter and the like, which are no YAML before they are filled in.

use std::sync::LazyLock;

use regex::Regex;

use crate::source::{Kind, Node};

use super::Document;

/// A value that is put in: `{{ cookiecutter.name }}`. CloudFormation's own `{{resolve:...}}` has colons.
static VALUE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\{\{-?\s*[A-Za-z_.$][\w.$]*(\s*\|[^{}]*)?\s*-?\}\}").ok());

/// A statement: `{% if x %}`, which JSONata's `{% ... %}` never is.
static STATEMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words =
        "if|elif|else|endif|for|endfor|set|macro|endmacro|include|import|from|extends|block|endblock|raw|endraw";
    Regex::new(&format!(r"(?m)\{{%[-+]?\s*({words})\b[^\n]*?%\}}")).ok()
});

/// Whether another tool fills in this document first: as it is, it makes no sense, and it has what such tools replace.
pub(super) fn is_one(document: &Document) -> bool {
    if document.root.as_deref().is_some_and(|root| !has_mapping_for_key(root)) {
        return false;
    }
    let text = &document.source.text;
    let has = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(text));
    has(&VALUE) || has(&STATEMENT)
}

/// Whether a key is a mapping, as that of an unquoted `{{ name }}` is in YAML.
fn has_mapping_for_key(root: &Node) -> bool {
    root.walk().flat_map(Node::entries).any(|(key, _)| matches!(key.kind, Kind::Mapping(_)))
}

#[cfg(test)]
mod tests {
    use super::super::LoadedStack;
    use super::*;

    fn judged(text: &str) -> bool {
        let stack = LoadedStack::from_text("template.yaml", text).unwrap_or_else(|broken| *broken);
        is_one(&stack.documents[0])
    }

    #[test]
    fn what_another_tool_fills_in_is_told_from_what_is_broken() {
        for text in [
            "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: {{ name }}\n",
            "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: {{ name }}-files\n",
            "Resources:\n  {%- if cookiecutter.bucket == 'yes' %}\n  B:\n    Type: AWS::S3::Bucket\n  {%- endif %}\n",
        ] {
            assert!(judged(text), "{text}");
        }
        for text in [
            "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: '{{resolve:ssm:name}}'\n",
            "Resources:\n  B: {Type: AWS::S3::Bucket\n",
            "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Output: '{% $states.input %}'\n    End: true\n",
            "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: {% $states.input %}\n",
        ] {
            assert!(!judged(text), "{text}");
        }
    }
}
