//! The events that a function polls from brokers and databases: Kafka, Amazon MQ and DocumentDB.

use super::{Judge, lacks};
use crate::aws::sam::{
    BROKER_ACCESS, DATABASE_ACCESS, KAFKA_ACCESS, KAFKA_AUTHENTICATION, RECORD_FORMATS, SCHEMA_REGISTRY_FIELDS,
    STARTING_POSITIONS, STREAM_EVENTS,
};
use crate::loaded::{Call, below};
use crate::source::{Kind, Node};

impl Judge<'_, '_, '_> {
    /// An event that is polled: what SAM makes its permissions of must be there.
    pub(super) fn polled(&mut self, kind: &str, properties: &Node, pointer: &str) {
        self.starting_position(kind, properties, pointer);
        match kind {
            "MQ" => self.one_secret(properties, pointer, &BROKER_ACCESS),
            "DocumentDB" => self.one_secret(properties, pointer, &DATABASE_ACCESS),
            "SelfManagedKafka" => {
                self.kafka(properties, pointer);
                self.registry(properties, pointer);
            }
            "MSK" => self.registry(properties, pointer),
            _ => {}
        }
    }

    /// Where Lambda begins to read a stream.
    fn starting_position(&mut self, kind: &str, properties: &Node, pointer: &str) {
        if !STREAM_EVENTS.contains(&kind) {
            return;
        }
        let (Some(node), Some(text)) = (properties.get("StartingPosition"), known_text(properties, "StartingPosition"))
        else {
            return;
        };
        if !STARTING_POSITIONS.contains(&text) {
            let pointer = below(pointer, "StartingPosition");
            let place = self.template.place(self.id, &pointer, node);
            let message =
                format!("`StartingPosition` must be {}: the deployment fails", STARTING_POSITIONS.join(" or "));
            self.findings.add(place, message);
        }
    }

    /// How a source is accessed, if each of its configurations is known: the type, and whether it has a `URI`.
    fn access<'a>(&mut self, properties: &'a Node, pointer: &str) -> Option<Vec<(&'a str, &'a Node, bool)>> {
        let name = "SourceAccessConfigurations";
        if lacks(properties, name) {
            self.at(pointer, properties, &format!("the event needs `{name}`"));
            return None;
        }
        let list = properties.get(name).filter(|list| Call::of(list).is_none())?;
        let Kind::Sequence(items) = &list.kind else {
            self.at(&below(pointer, name), list, &format!("`{name}` must be a list"));
            return None;
        };
        let one = |item| known_text(item, "Type").map(|kind| (kind, item, !lacks(item, "URI")));
        items.iter().map(one).collect()
    }

    fn one_secret(&mut self, properties: &Node, pointer: &str, known: &[&str]) {
        let Some(access) = self.access(properties, pointer) else { return };
        let place = below(pointer, "SourceAccessConfigurations");
        if let Some((kind, item, _)) = access.iter().find(|(kind, ..)| !known.contains(kind)) {
            let message = format!("`{kind}` is not an access type of this event, only {}", known.join(" and "));
            return self.at(&place, item, &message);
        }
        let secrets: Vec<_> = access.iter().filter(|(kind, ..)| *kind == known[0]).collect();
        match secrets.as_slice() {
            [] => self.at(&place, properties, &format!("the event needs an access of type `{}`", known[0])),
            [(_, _, true)] => {}
            [(_, item, false)] => self.at(&place, item, &format!("`{}` needs a `URI`", known[0])),
            [_, (_, item, _), ..] => self.at(&place, item, &format!("`{}` must occur only once", known[0])),
        }
    }

    fn kafka(&mut self, properties: &Node, pointer: &str) {
        for name in ["KafkaBootstrapServers", "Topics"] {
            if lacks(properties, name) {
                self.at(pointer, properties, &format!("the event needs `{name}`"));
            }
        }
        let topics = properties.get("Topics").filter(|topics| Call::of(topics).is_none());
        if let Some(topics) = topics.filter(|topics| topics.items().len() > 1) {
            self.at(&below(pointer, "Topics"), topics, "`Topics` must have exactly one topic");
        }
        let Some(access) = self.access(properties, pointer) else { return };
        let place = below(pointer, "SourceAccessConfigurations");
        for (kind, item, has_uri) in &access {
            if !KAFKA_ACCESS.contains(kind) && !KAFKA_AUTHENTICATION.contains(kind) {
                self.at(&place, item, &format!("`{kind}` is not an access type of Kafka"));
            } else if !has_uri {
                self.at(&place, item, &format!("`{kind}` needs a `URI`"));
            }
        }
        let mut authentication = access.iter().filter(|(kind, ..)| KAFKA_AUTHENTICATION.contains(kind));
        if let Some((_, item, _)) = authentication.nth(1) {
            self.at(&place, item, "only one way of authentication can be given");
        }
        let has = |name: &str| access.iter().any(|(kind, ..)| *kind == name);
        if has("VPC_SUBNET") != has("VPC_SECURITY_GROUP") {
            self.at(&place, properties, "`VPC_SUBNET` and `VPC_SECURITY_GROUP` must be given together");
        }
    }

    fn registry(&mut self, properties: &Node, pointer: &str) {
        let config = properties.get("SchemaRegistryConfig").filter(|config| Call::of(config).is_none());
        let Some(config) = config.filter(|config| !config.entries().is_empty()) else { return };
        let pointer = below(pointer, "SchemaRegistryConfig");
        for name in SCHEMA_REGISTRY_FIELDS.into_iter().filter(|name| config.get(name).is_none()) {
            self.at(&pointer, config, &format!("`SchemaRegistryConfig` needs `{name}`"));
        }
        let format = config.get("EventRecordFormat");
        if let (Some(node), Some(format)) = (format, known_text(config, "EventRecordFormat"))
            && !RECORD_FORMATS.contains(&format)
        {
            let message = format!("`EventRecordFormat` must be {}", RECORD_FORMATS.join(" or "));
            self.at(&below(&pointer, "EventRecordFormat"), node, &message);
        }
    }
}

/// A text that is no function and holds no placeholder.
fn known_text<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    let value = node.get(name).filter(|value| Call::of(value).is_none())?;
    value.as_str().filter(|text| !text.contains("${") && !text.contains("{{resolve:"))
}
