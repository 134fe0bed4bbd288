use crate::aws::quota::PAYLOAD_BYTES;
use serde_json::{Map, Value};

use super::ItemsFault;

/// Divides items into [batches](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batcher {
    /// `MaxItemsPerBatch`; 0 is no limit.
    pub max_items: usize,
    /// `MaxInputBytesPerBatch`; 0 is the limit of any input.
    pub max_bytes: usize,
    /// `BatchInput`, worked out: what each batch is given beside its items.
    pub input: Option<Value>,
}

impl Batcher {
    /// The inputs of the child executions: each has `Items`, in order, and `BatchInput`.
    ///
    /// # Errors
    ///
    /// An item that is too large to stand in a batch alone.
    pub fn batches(&self, items: Vec<Value>) -> Result<Vec<Value>, ItemsFault> {
        let most_items = if self.max_items == 0 { usize::MAX } else { self.max_items };
        let most_bytes = if self.max_bytes == 0 { PAYLOAD_BYTES } else { self.max_bytes.min(PAYLOAD_BYTES) };
        let around = self.batch(Vec::new()).to_string().len();
        let mut batches = Vec::new();
        let (mut batch, mut bytes) = (Vec::new(), around);
        for item in items {
            // Each but the first has a comma before it.
            let size = item.to_string().len();
            if around + size > most_bytes {
                let problem =
                    format!("An item of {size} bytes does not fit into a batch of at most {most_bytes} bytes");
                return Err(ItemsFault::new(problem));
            }
            if batch.len() >= most_items || !batch.is_empty() && bytes + 1 + size > most_bytes {
                batches.push(self.batch(std::mem::take(&mut batch)));
                bytes = around;
            }
            bytes += size + usize::from(!batch.is_empty());
            batch.push(item);
        }
        if !batch.is_empty() {
            batches.push(self.batch(batch));
        }
        Ok(batches)
    }

    fn batch(&self, items: Vec<Value>) -> Value {
        let mut batch = Map::new();
        if let Some(input) = &self.input {
            batch.insert("BatchInput".to_owned(), input.clone());
        }
        batch.insert("Items".to_owned(), Value::Array(items));
        Value::Object(batch)
    }
}
