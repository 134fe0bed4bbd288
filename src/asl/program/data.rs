use serde_json::Value;

use super::fault::Faults;
use super::jsonata::JsonataTemplate;
use crate::asl::{QueryLanguage, query};
use crate::source::Pointer;

/// JSON with parts that are worked out when the state runs, in the language of the state: `Parameters`, `Arguments`,
/// `ResultSelector`, `Assign`, `Output`, `ItemSelector`, `Items`, `BatchInput`, `Credentials`.
#[derive(Debug, Clone, PartialEq)]
pub enum Template {
    /// A payload template: fields whose name ends in `.$` hold paths and intrinsic functions.
    JsonPath(query::Template),
    /// Texts between `{%` and `%}` are expressions.
    Jsonata(JsonataTemplate),
}

impl Template {
    pub(super) fn read(value: &Value, language: QueryLanguage, pointer: &Pointer, faults: &mut Faults) -> Option<Self> {
        match language {
            QueryLanguage::JsonPath => {
                let mut report = |pointer, message| faults.add(pointer, message);
                Some(Self::JsonPath(query::Template::read(value, pointer, &mut report)))
            }
            QueryLanguage::Jsonata => JsonataTemplate::read(value, pointer, faults).map(Self::Jsonata),
        }
    }
}
