//! What differs by chance, made alike: names of executions, ids of versions, UUIDs.

use std::sync::LazyLock;

use regex::Regex;

use super::runs::NAME;

static EXECUTIONS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("{NAME}([0-9]{{4}})-[0-9]{{4}}-([0-9]{{4}})")).ok());
static UUIDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}").ok());

/// Texts that differ by chance, and what stands for them.
#[derive(Debug, Clone, Default)]
pub(super) struct Masks {
    texts: Vec<(String, String)>,
}

impl Masks {
    /// Masks for the ids of events and of versions and for entity tags, which are made up, by the numbers of the events.
    pub(super) fn of_events<'a>(events: impl IntoIterator<Item = Option<&'a serde_json::Value>>) -> Self {
        let mut texts: Vec<(String, String)> = Vec::new();
        for (number, event) in events.into_iter().enumerate() {
            for (pointer, kind) in
                [("/id", "event"), ("/detail/object/version-id", "version"), ("/detail/object/etag", "entity tag")]
            {
                let text = event.and_then(|event| event.pointer(pointer)).and_then(serde_json::Value::as_str);
                // A short text may stand for something else as well.
                let text = text.filter(|text| text.len() > 8 && !texts.iter().any(|(known, _)| known == text));
                texts.extend(text.map(|text| (text.to_owned(), format!("<{kind} {number}>"))));
            }
        }
        Self { texts }
    }

    /// A text in which nothing differs by chance.
    pub(super) fn applied(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (from, to) in &self.texts {
            text = text.replace(from, to);
        }
        if let Some(executions) = EXECUTIONS.as_ref() {
            text = executions.replace_all(&text, "<execution $1>").into_owned();
        }
        if let Some(uuids) = UUIDS.as_ref() {
            text = uuids.replace_all(&text, "<uuid>").into_owned();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_by_chance_is_alike() {
        let masks = Masks { texts: vec![("abcdefghij".to_owned(), "<version 1>".to_owned())] };
        assert_eq!(
            masks.applied("prove-0001-0002-0003 abcdefghij 17793124-05d4-4198-afde-7ededc63b103 x"),
            "<execution 0001> <version 1> <uuid> x"
        );
    }
}
