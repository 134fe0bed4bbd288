//! What a pipe makes of the records of its source.

mod payload;
mod record;
mod template;

pub use payload::open;
pub use record::{RecordMaker, identifier};
pub use template::{PipeTemplate, TemplateFault};
