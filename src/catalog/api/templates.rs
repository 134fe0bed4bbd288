//! The mapping templates of the direct API: Velocity, by the rules of API Gateway's
//! [reference](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html).
//!
//! What a client sends reaches a request in one form only: as a JSON string, escaped. `$util.escapeJavaScript` escapes single
//! quotes too, which JSON does not know, so each use of it takes that back, as the reference says. A path parameter comes as it
//! stands in the URL, and is decoded here; there a `+` is no blank, so it is kept from the decoder. A parameter of the query
//! comes decoded.

use crate::name::AttributeName;
use crate::spec::Layout;

use super::description::DEFAULT_LIMIT;

/// The attributes that templates name, by what they are called in a spec.
pub(super) struct Templates<'a> {
    pub(super) layout: Layout,
    pub(super) file_name: &'a AttributeName,
    pub(super) last_modified: &'a AttributeName,
    /// Whether records hold maps of texts.
    pub(super) maps: bool,
}

impl Templates<'_> {
    /// The Query of the index that answers a listing.
    pub(super) fn list_request(&self) -> String {
        let range = match self.layout {
            Layout::Latest => "",
            Layout::History => r#", "@last_modified@": {"S": "$lastModified"}"#,
        };
        self.named(&include_str!("list_request.vtl").replace("@start_range@", range))
    }

    /// A listing, out of the Query's answer. Its token holds the last record's key, of which the folder follows from the prefix.
    pub(super) fn list_response(&self) -> String {
        let range = match self.layout {
            Layout::Latest => "",
            Layout::History => "$key.get('@last_modified@').S",
        };
        self.named(&include_str!("list_response.vtl").replace("@token_range@", range))
    }

    /// The request for one file's record: the newest, where there is one for every upload.
    pub(super) fn get_request(&self) -> String {
        let request = match self.layout {
            Layout::Latest => include_str!("get_item.vtl"),
            Layout::History => include_str!("get_newest.vtl"),
        };
        self.named(&format!("{}{request}", include_str!("get_request.vtl")))
    }

    /// The record, or that there is none.
    pub(super) fn get_response(&self) -> String {
        let (found, item) = match self.layout {
            Layout::Latest => ("$root.Item", "$root.Item"),
            Layout::History => ("$root.Count > 0", "$root.Items.get(0)"),
        };
        self.named(&include_str!("get_response.vtl").replace("@found@", found).replace("@item@", item))
    }

    /// What a refusal of DynamoDB's means to the client: its own mistake, too many requests, or none of its business.
    pub(super) fn refused() -> String {
        include_str!("refused.vtl").to_owned()
    }

    /// That something went wrong.
    pub(super) fn failed() -> String {
        include_str!("failed.vtl").to_owned()
    }

    fn named(&self, template: &str) -> String {
        let maps = if self.maps { include_str!("record_map.vtl") } else { "" };
        template
            .replace("@record@", include_str!("record.vtl").trim_end())
            .replace("@maps@", maps)
            .replace("@default@", &DEFAULT_LIMIT.to_string())
            .replace("@file_name@", self.file_name.as_str())
            .replace("@last_modified@", self.last_modified.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_maps_where_the_table_has_them() {
        let name = AttributeName::parse("fileName").unwrap();
        for maps in [false, true] {
            let templates = Templates { layout: Layout::Latest, file_name: &name, last_modified: &name, maps };
            for template in [templates.get_response(), templates.list_response()] {
                assert_eq!(template.contains("$value.M.keySet()"), maps, "{template}");
                assert!(!template.contains('@'), "{template}");
                let count = |word: &str| template.matches(word).count();
                assert_eq!(count("#if(") + count("#foreach("), count("#end"), "{template}");
            }
        }
    }
}
