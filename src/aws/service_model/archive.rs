use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use foldhash::fast::FixedState;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// The models: an index, an empty line, and a compressed block for each service. See `scripts/service_models.py`.
const MODELS: &[u8] = include_bytes!("models.bin");

/// No block is larger than this when it is unpacked.
const MAX_BLOCK: usize = 1 << 20;

/// A line of the index, and its service once somebody asked for it.
type Entry = (&'static str, OnceLock<Option<Service>>);

/// The index, in the order of the services' names.
static SERVICES: LazyLock<Vec<Entry>> = LazyLock::new(index);

/// A service of the archive, unpacked when it is first asked for.
#[derive(Debug)]
pub(in crate::aws) struct Service {
    /// As `aws-sdk:` resources name it.
    pub(in crate::aws) name: &'static str,
    /// What the names of its errors begin with.
    pub(in crate::aws) prefix: &'static str,
    /// What its IAM actions begin with.
    pub(in crate::aws) iam: &'static str,
    packed: &'static [u8],
    block: OnceLock<Block>,
}

/// What is known of a service.
#[derive(Debug, Default)]
pub(in crate::aws) struct Block {
    /// Its actions, by their names in resources.
    pub(in crate::aws) actions: HashMap<&'static str, Action, FixedState>,
    /// Its shapes, by their numbers; each as the archive's text has it.
    pub(in crate::aws) shapes: Vec<&'static str>,
}

/// An action of a service, packed.
#[derive(Debug, Clone, Copy)]
pub(in crate::aws) enum Action {
    /// Only its name is known.
    Named,
    /// The numbers of the shapes that it takes and answers.
    Modelled(Option<usize>, Option<usize>),
}

impl Service {
    pub(in crate::aws) fn find(name: &str) -> Option<&'static Self> {
        let at = SERVICES.binary_search_by_key(&name, |(line, _)| name_of(line)).ok()?;
        let (line, service) = SERVICES.get(at)?;
        service.get_or_init(|| service_of(line)).as_ref()
    }

    pub(in crate::aws) fn names() -> impl Iterator<Item = &'static str> {
        SERVICES.iter().map(|(line, _)| name_of(line))
    }

    pub(in crate::aws) fn block(&self) -> &Block {
        self.block.get_or_init(|| unpack(self.packed).unwrap_or_default())
    }
}

fn end_of_index() -> usize {
    MODELS.windows(2).position(|pair| pair == b"\n\n").unwrap_or(0)
}

fn index() -> Vec<Entry> {
    let lines = MODELS.get(..end_of_index()).and_then(|index| std::str::from_utf8(index).ok()).unwrap_or_default();
    lines.lines().map(|line| (line, OnceLock::new())).collect()
}

fn name_of(line: &'static str) -> &'static str {
    line.split_once(' ').map_or(line, |(name, _)| name)
}

fn service_of(line: &'static str) -> Option<Service> {
    let blocks = MODELS.get(end_of_index() + 2..)?;
    let mut fields = line.split(' ');
    let (name, prefix, iam) = (fields.next()?, fields.next()?, fields.next()?);
    let offset: usize = fields.next()?.parse().ok()?;
    let length: usize = fields.next()?.parse().ok()?;
    let packed = blocks.get(offset..offset.checked_add(length)?)?;
    Some(Service { name, prefix, iam, packed, block: OnceLock::new() })
}

/// A service's block. The text is kept for the life of the process: it is asked for once a service.
fn unpack(packed: &[u8]) -> Option<Block> {
    let text = String::from_utf8(decompress_to_vec_zlib_with_limit(packed, MAX_BLOCK).ok()?).ok()?;
    let text: &'static str = Box::leak(text.into_boxed_str());
    let mut block = Block::default();
    for line in text.lines() {
        let Some(action) = line.strip_prefix("A ") else {
            block.shapes.push(line);
            continue;
        };
        let mut fields = action.split(' ');
        let name = fields.next()?;
        let ends = (fields.next(), fields.next());
        let number = |text: &str| text.parse().ok();
        let known = match ends {
            (Some(input), Some(output)) => Action::Modelled(number(input), number(output)),
            _ => Action::Named,
        };
        block.actions.insert(name, known);
    }
    Some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_unpacks() {
        assert!(SERVICES.len() > 400, "{}", SERVICES.len());
        assert!(Service::names().is_sorted());
        for name in Service::names() {
            let service = Service::find(name).unwrap();
            assert!(!service.block().actions.is_empty(), "{name}");
        }
    }

    #[test]
    fn services_have_three_names() {
        for (name, prefix, iam) in [
            ("dynamodb", "DynamoDb", "dynamodb"),
            ("sfn", "Sfn", "states"),
            ("eventbridge", "EventBridge", "events"),
            ("cloudwatchlogs", "CloudWatchLogs", "logs"),
            ("bedrockagent", "BedrockAgent", "bedrock"),
        ] {
            let service = Service::find(name).unwrap();
            assert_eq!((service.prefix, service.iam), (prefix, iam));
        }
    }

    #[test]
    fn the_archive_is_small() {
        assert!(MODELS.len() < 400_000, "{}", MODELS.len());
    }
}
