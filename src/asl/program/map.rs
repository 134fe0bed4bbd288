//! The fields of a Map state.

use serde_json::Value;

use super::MachineId;
use super::data::Template;
use super::dynamic::Dynamic;
use super::fault::Faults;
use super::fields::Fields;
use crate::asl::{JsonPath, QueryLanguage};
use crate::aws::integration::{Resource, ResourceError};
use crate::aws::states::{ProcessorMode, WorkflowType};
use crate::source::Pointer;

/// What only a [Map](https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html) has.
#[derive(Debug, Clone)]
pub struct Map {
    /// What is done for every item: `ItemProcessor`, or `Iterator` as it used to be called.
    pub item_processor: MachineId,
    /// JSONPath: where in the input the items are.
    pub items_path: Option<JsonPath>,
    /// JSONata: the items.
    pub items: Option<Template>,
    /// What an iteration is given: `ItemSelector`, or `Parameters` as it used to be called.
    pub item_selector: Option<Template>,
    /// Where the items of a distributed Map come from.
    pub item_reader: Option<ItemReader>,
    /// How items are put together.
    pub item_batcher: Option<ItemBatcher>,
    /// Where the results of a distributed Map go.
    pub result_writer: Option<ResultWriter>,
    /// How many iterations run at once; 0 is as many as there are.
    pub max_concurrency: Option<Dynamic<f64>>,
    /// How many items may fail.
    pub tolerated_failure_count: Option<Dynamic<f64>>,
    /// How many percent of the items may fail.
    pub tolerated_failure_percentage: Option<Dynamic<f64>>,
    /// What a distributed Map's runs are called after.
    pub label: Option<String>,
    /// Whether each iteration is an execution of its own.
    pub mode: Mode,
}

/// Whether iterations run within the execution or in executions of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In the execution of the Map.
    Inline,
    /// Each in an execution of its own.
    Distributed(WorkflowType),
}

/// Where the items of a distributed Map [come from](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html).
#[derive(Debug, Clone)]
pub struct ItemReader {
    /// What is called for them.
    pub resource: Resource,
    /// What it is given: `Parameters` or `Arguments`.
    pub arguments: Option<Template>,
    /// How they are read.
    pub reader_config: ReaderConfig,
}

/// How items are read out of what an `ItemReader` got.
#[derive(Debug, Clone, Default)]
pub struct ReaderConfig {
    /// `CSV`, `JSON`, `JSONL`, `MANIFEST`, `PARQUET`; none for a list of objects.
    pub input_type: Option<String>,
    /// `FIRST_ROW` or `GIVEN`.
    pub csv_header_location: Option<String>,
    /// The names of the columns, where they are given.
    pub csv_headers: Option<Vec<String>>,
    /// `COMMA`, `PIPE`, `SEMICOLON`, `SPACE` or `TAB`.
    pub csv_delimiter: Option<String>,
    /// Who wrote the manifest: `ATHENA_DATA` or `S3_INVENTORY`.
    pub manifest_type: Option<String>,
    /// `NONE` or `LOAD_AND_FLATTEN`.
    pub transformation: Option<String>,
    /// Where in a JSON file the items are, as a JSON Pointer.
    pub items_pointer: Option<String>,
    /// At most so many items.
    pub max_items: Option<Dynamic<f64>>,
}

/// How items are [put together](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html).
#[derive(Debug, Clone)]
pub struct ItemBatcher {
    /// At most so many a batch.
    pub max_items_per_batch: Option<Dynamic<f64>>,
    /// At most so many bytes a batch.
    pub max_input_bytes_per_batch: Option<Dynamic<f64>>,
    /// What every batch is given beside its items.
    pub batch_input: Option<Template>,
}

/// Where results [go](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html).
#[derive(Debug, Clone)]
pub struct ResultWriter {
    /// What is called to keep them, if anything.
    pub resource: Option<Resource>,
    /// What it is given: `Parameters` or `Arguments`.
    pub arguments: Option<Template>,
    /// `NONE`, `COMPACT` or `FLATTEN`.
    pub transformation: Option<String>,
    /// `JSON` or `JSONL`.
    pub output_type: Option<String>,
}

/// A Map's fields, apart from its processor's states.
pub(super) fn read(fields: Fields<'_, '_>, item_processor: MachineId, faults: &mut Faults) -> Map {
    let jsonata = fields.jsonata();
    let selector = if fields.has("ItemSelector") || jsonata { "ItemSelector" } else { "Parameters" };
    Map {
        item_processor,
        items_path: if jsonata { None } else { fields.path("ItemsPath", faults) },
        items: if jsonata { fields.template("Items", faults) } else { None },
        item_selector: fields.template(selector, faults),
        item_reader: within(fields, "ItemReader", faults).and_then(|f| item_reader(f.fields(), faults)),
        item_batcher: within(fields, "ItemBatcher", faults).map(|f| item_batcher(f.fields(), faults)),
        result_writer: within(fields, "ResultWriter", faults).map(|f| result_writer(f.fields(), faults)),
        max_concurrency: fields.dynamic("MaxConcurrency", faults),
        tolerated_failure_count: fields.dynamic("ToleratedFailureCount", faults),
        tolerated_failure_percentage: fields.dynamic("ToleratedFailurePercentage", faults),
        label: fields.text("Label", faults),
        mode: mode(fields, faults),
    }
}

/// An object within an object.
struct Within<'a> {
    object: &'a serde_json::Map<String, Value>,
    pointer: Pointer,
    language: QueryLanguage,
}

impl Within<'_> {
    fn fields(&self) -> Fields<'_, '_> {
        Fields { object: self.object, pointer: &self.pointer, language: self.language }
    }
}

fn within<'a>(fields: Fields<'a, '_>, name: &str, faults: &mut Faults) -> Option<Within<'a>> {
    let object = fields.object(name, faults)?;
    Some(Within { object, pointer: fields.at(name), language: fields.language })
}

/// The name of the field that has the processor.
pub(super) fn processor(fields: Fields<'_, '_>) -> &'static str {
    if fields.has("ItemProcessor") || !fields.has("Iterator") { "ItemProcessor" } else { "Iterator" }
}

fn mode(fields: Fields<'_, '_>, faults: &mut Faults) -> Mode {
    let config = within(fields, processor(fields), faults);
    let config = config.as_ref().and_then(|processor| within(processor.fields(), "ProcessorConfig", faults));
    let Some(config) = config else { return Mode::Inline };
    let config = config.fields();
    let execution_type = match config.text("ExecutionType", faults).as_deref() {
        Some(text) => WorkflowType::of(text).unwrap_or_default(),
        None => WorkflowType::default(),
    };
    let Some(text) = config.text("Mode", faults) else { return Mode::Inline };
    match ProcessorMode::of(&text) {
        Some(ProcessorMode::Distributed) => Mode::Distributed(execution_type),
        Some(ProcessorMode::Inline) => Mode::Inline,
        None => {
            let known = ProcessorMode::WORDS.join(" or ");
            faults.add(config.at("Mode"), format!("Mode has to be {known}, not `{text}`"));
            Mode::Inline
        }
    }
}

/// `Arguments` in JSONata, `Parameters` in JSONPath.
fn arguments(fields: Fields<'_, '_>, faults: &mut Faults) -> Option<Template> {
    fields.template(if fields.jsonata() { "Arguments" } else { "Parameters" }, faults)
}

pub(super) fn resource(fields: Fields<'_, '_>, faults: &mut Faults) -> Option<Resource> {
    let text = fields.text("Resource", faults)?;
    Some(text.parse().unwrap_or_else(|error: ResourceError| {
        faults.add(fields.at("Resource"), error.to_string());
        Resource::Other { text }
    }))
}

fn item_reader(fields: Fields<'_, '_>, faults: &mut Faults) -> Option<ItemReader> {
    let resource = fields.required("Resource", resource(fields, faults), faults);
    let arguments = arguments(fields, faults);
    let reader_config = within(fields, "ReaderConfig", faults);
    let reader_config = reader_config.map(|config| read_config(config.fields(), faults)).unwrap_or_default();
    Some(ItemReader { resource: resource?, arguments, reader_config })
}

fn read_config(fields: Fields<'_, '_>, faults: &mut Faults) -> ReaderConfig {
    ReaderConfig {
        input_type: fields.text("InputType", faults),
        csv_header_location: fields.text("CSVHeaderLocation", faults),
        csv_headers: fields.texts("CSVHeaders", faults),
        csv_delimiter: fields.text("CSVDelimiter", faults),
        manifest_type: fields.text("ManifestType", faults),
        transformation: fields.text("Transformation", faults),
        items_pointer: fields.text("ItemsPointer", faults),
        max_items: fields.dynamic("MaxItems", faults),
    }
}

fn item_batcher(fields: Fields<'_, '_>, faults: &mut Faults) -> ItemBatcher {
    ItemBatcher {
        max_items_per_batch: fields.dynamic("MaxItemsPerBatch", faults),
        max_input_bytes_per_batch: fields.dynamic("MaxInputBytesPerBatch", faults),
        batch_input: fields.template("BatchInput", faults),
    }
}

fn result_writer(fields: Fields<'_, '_>, faults: &mut Faults) -> ResultWriter {
    let config = within(fields, "WriterConfig", faults);
    let mut text = |name: &str| config.as_ref().and_then(|config| config.fields().text(name, faults));
    let (transformation, output_type) = (text("Transformation"), text("OutputType"));
    ResultWriter {
        resource: resource(fields, faults),
        arguments: arguments(fields, faults),
        transformation,
        output_type,
    }
}
