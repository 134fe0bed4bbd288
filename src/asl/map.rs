use serde::Serialize;

use super::{PayloadTemplate, ReferencePath, RunTimeValue, StateMachine, SubstitutionName};
use crate::aws::integration::Integration;
use crate::aws::states::WorkflowType;
use crate::name::StateName;

/// A [state](https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html) that runs a state machine for every item of
/// a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(into = "Written")]
pub struct Map {
    /// What it is for.
    pub comment: Option<String>,
    /// Where the items come from, and what runs the state machine for them.
    pub mode: MapMode,
    /// What runs for each item, or for each batch of them.
    pub processor: StateMachine,
    /// How many items, or batches, are worked on at a time; 0 for as many as Step Functions can.
    pub max_concurrency: u32,
    /// What follows.
    pub next: StateName,
}

/// The two [modes](https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html#concepts-map-process-modes) of a Map.
#[derive(Debug, Clone, PartialEq)]
pub enum MapMode {
    /// Within the execution, over a list in its input.
    Inline {
        /// Where the list is.
        items_path: ReferencePath,
    },
    /// [Distributed](https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html): a child execution for
    /// each batch of a list that is read from elsewhere.
    Distributed(Distributed),
}

/// How a Distributed Map reads its items and starts its children.
#[derive(Debug, Clone, PartialEq)]
pub struct Distributed {
    /// Which kind of workflow the children are.
    pub execution_type: WorkflowType,
    /// What reads the list.
    pub item_reader: ItemReader,
    /// How the items are batched: a child is given `{"Items": [...]}`.
    pub item_batcher: ItemBatcher,
    /// How much of the list may fail before the Map does, in percent.
    pub tolerated_failure_percentage: u32,
    /// What the Map is called in the ARNs of its children.
    pub label: String,
}

/// What reads the list that a Distributed Map works on: an
/// [`ItemReader`](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ItemReader {
    /// The service integration that reads the items; it becomes `Resource` of `ItemReader`.
    pub resource: Integration,
    /// What the call is given.
    pub parameters: PayloadTemplate,
}

impl ItemReader {
    /// Lists the objects of a bucket whose keys begin with `prefix`.
    pub fn list_objects(bucket: &SubstitutionName, prefix: impl Into<RunTimeValue>) -> Self {
        let fields =
            [("Bucket", PayloadTemplate::Substitution(bucket.clone()).into()), ("Prefix", prefix.into().into())];
        Self {
            resource: Integration::optimized("s3", "listObjectsV2"),
            parameters: PayloadTemplate::object::<_, super::Field>(fields),
        }
    }
}

/// How many items a child of a Distributed Map is given: an
/// [`ItemBatcher`](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ItemBatcher {
    /// The most items. There are fewer in a batch that would pass 256 KiB, the most that an execution's input can have.
    pub max_items_per_batch: u32,
}

impl Map {
    /// What reads its list, if that is not in the input.
    pub fn item_reader(&self) -> Option<&ItemReader> {
        match &self.mode {
            MapMode::Inline { .. } => None,
            MapMode::Distributed(distributed) => Some(&distributed.item_reader),
        }
    }
}

/// A Map as it is written: the fields of both modes, in the order of the documentation.
#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    item_processor: ItemProcessor,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_reader: Option<ItemReader>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items_path: Option<ReferencePath>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_batcher: Option<ItemBatcher>,
    max_concurrency: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    tolerated_failure_percentage: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    next: StateName,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ItemProcessor {
    processor_config: ProcessorConfig,
    #[serde(flatten)]
    states: StateMachine,
}

#[derive(Clone, Copy, Serialize)]
#[serde(tag = "Mode", rename_all = "UPPERCASE")]
enum ProcessorConfig {
    Inline,
    #[serde(rename_all = "PascalCase")]
    Distributed {
        execution_type: WorkflowType,
    },
}

impl From<Map> for Written {
    fn from(map: Map) -> Self {
        let (processor_config, items_path, distributed) = match map.mode {
            MapMode::Inline { items_path } => (ProcessorConfig::Inline, Some(items_path), None),
            MapMode::Distributed(distributed) => {
                let execution_type = distributed.execution_type;
                (ProcessorConfig::Distributed { execution_type }, None, Some(distributed))
            }
        };
        Self {
            comment: map.comment,
            item_processor: ItemProcessor { processor_config, states: map.processor },
            item_reader: distributed.as_ref().map(|d| d.item_reader.clone()),
            items_path,
            item_batcher: distributed.as_ref().map(|d| d.item_batcher),
            max_concurrency: map.max_concurrency,
            tolerated_failure_percentage: distributed.as_ref().map(|d| d.tolerated_failure_percentage),
            label: distributed.map(|d| d.label),
            next: map.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::super::{State, Succeed};
    use super::*;

    fn written(mode: MapMode) -> String {
        let name = |text: &str| StateName::parse(text).unwrap();
        let states = IndexMap::from([(name("B"), State::Succeed(Succeed::default()))]);
        let processor = StateMachine::nested(name("B"), states).unwrap();
        let map = Map { comment: None, mode, processor, max_concurrency: 10, next: name("C") };
        serde_json::to_string(&State::Map(Box::new(map))).unwrap()
    }

    #[test]
    fn a_mode_has_its_own_fields() {
        const STATES: &str = r#""StartAt":"B","States":{"B":{"Type":"Succeed"}}"#;
        let inline = written(MapMode::Inline { items_path: ReferencePath::input().field("Items") });
        let expected = format!(
            r#"{{"Type":"Map","ItemProcessor":{{"ProcessorConfig":{{"Mode":"INLINE"}},{STATES}}},"ItemsPath":"$.Items","MaxConcurrency":10,"Next":"C"}}"#
        );
        assert_eq!(inline, expected);
        let bucket = SubstitutionName::parse("BucketName").unwrap();
        let distributed = written(MapMode::Distributed(Distributed {
            execution_type: WorkflowType::Express,
            item_reader: ItemReader::list_objects(&bucket, ReferencePath::input().field("prefix")),
            item_batcher: ItemBatcher { max_items_per_batch: 500 },
            tolerated_failure_percentage: 0,
            label: "A".to_owned(),
        }));
        let expected = format!(
            r#"{{"Type":"Map","ItemProcessor":{{"ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"}},{STATES}}},"ItemReader":{{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{{"Bucket":"${{BucketName}}","Prefix.$":"$.prefix"}}}},"ItemBatcher":{{"MaxItemsPerBatch":500}},"MaxConcurrency":10,"ToleratedFailurePercentage":0,"Label":"A","Next":"C"}}"#
        );
        assert_eq!(distributed, expected);
    }
}
