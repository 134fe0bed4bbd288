//! The attribute by which the API's index finds the files of a listing.
//!
//! A key's *folder* is what stands before its first slash. `photos/2024/cat.jpg` has the folder `in:photos`; `/cat.jpg`, whose
//! first slash comes first, has `in:`; and `cat.jpg`, which has none, has `top`. Each folder is a partition of the index, so
//! writes spread over as many partitions as there are folders, and a Query of one of them answers a listing.

use super::CatalogError;
use crate::asl::{Argument, IntrinsicFunction, Jsonata, ReferencePath};
use crate::dynamodb::{KeyAttribute, KeySchema};
use crate::name::{AttributeName, IndexName};

/// The attribute of a record that holds the first segment of the file's key.
pub(super) const ATTRIBUTE: &str = "folder";

/// The folder of the keys without a slash. The others begin with [`INSIDE`], so none of them reads like this.
pub(super) const TOP: &str = "top";

/// What the other folders begin with. It is there for keys that begin with a slash, or are nothing else: whether a split
/// gives an empty text before the first slash or leaves it out, the first part is this, and never nothing, which
/// DynamoDB takes as no key and `States.ArrayGetItem` fails at.
pub(super) const INSIDE: &str = "in:";

/// The name of the index whose partition key is that attribute.
pub(super) const INDEX: &str = "by-folder";

/// The name of the index, as a checked name.
pub(super) fn index_name() -> Result<IndexName, CatalogError> {
    Ok(IndexName::parse(INDEX)?)
}

/// The index's key: the folder, and within it the object's key, by which a prefix finds its files in order.
pub(super) fn index_key(file_name: &AttributeName) -> Result<KeySchema, CatalogError> {
    let folder = KeyAttribute::string(AttributeName::parse(ATTRIBUTE)?);
    Ok(KeySchema::hash_and_range(folder, KeyAttribute::string(file_name.clone()))?)
}

/// The folder of the key at a path.
///
/// A key has no slash if and only if its first part is all of it. Then the list of both, without repetitions, has one element
/// and not two; that length less one picks the folder out of two.
pub(super) fn of(key: &ReferencePath) -> IntrinsicFunction {
    let whole = || IntrinsicFunction::format(INSIDE, [(key.clone(), "")]);
    let first = || Argument::from(IntrinsicFunction::array_get_item(IntrinsicFunction::string_split(whole(), '/'), 0));
    let different = IntrinsicFunction::array_unique(IntrinsicFunction::array([whole().into(), first()]));
    let has_slash = IntrinsicFunction::math_add(IntrinsicFunction::array_length(different), -1);
    IntrinsicFunction::array_get_item(IntrinsicFunction::array([Argument::Text(TOP.to_owned()), first()]), has_slash)
}

/// The same in JSONata, for the key that an expression gives.
pub(super) fn jsonata(key: &Jsonata) -> Jsonata {
    let of_slash = |function| key.clone().call(function, [Jsonata::text("/")]);
    let inside = Jsonata::concat([Jsonata::text(INSIDE), of_slash("$substringBefore")]);
    of_slash("$contains").then(inside, Jsonata::text(TOP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_is_within_the_language() {
        let text = of(&ReferencePath::input().field("key")).to_string();
        assert_eq!(text.parse::<IntrinsicFunction>().unwrap().to_string(), text);
        assert_eq!(
            text,
            "States.ArrayGetItem(States.Array('top', States.ArrayGetItem(States.StringSplit(States.Format('in:{}', $.key), \
             '/'), 0)), States.MathAdd(States.ArrayLength(States.ArrayUnique(States.Array(States.Format('in:{}', $.key), \
             States.ArrayGetItem(States.StringSplit(States.Format('in:{}', $.key), '/'), 0)))), -1))"
        );
    }
}
