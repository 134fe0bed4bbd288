//! Pictures: the workflow of a state machine and the architecture of a stack, laid out here and written as SVG, Mermaid,
//! Graphviz or plain text.
//!
//! A [`Diagram`] consists of boxes, containers and arrows, independent of what it shows; [`layout`](fn@layout) computes positions, and
//! a renderer writes it. [`workflow()`] makes one of a [`Program`](crate::asl::program::Program).
//!
//! ```
//! use bucketbook::asl::program::Program;
//! use bucketbook::graph::{self, SvgOptions};
//!
//! let definition = serde_json::json!({
//!     "StartAt": "Look",
//!     "States": {
//!         "Look": {"Type": "Pass", "Next": "Done"},
//!         "Done": {"Type": "Succeed"}
//!     }
//! });
//! let program = Program::read(&definition).unwrap();
//! let diagram = graph::workflow("Look around", &program);
//! let svg = graph::svg(&diagram, &SvgOptions::default());
//! assert!(svg.contains("data-state=\"Look\""));
//! ```

mod architecture;
mod diagram;
mod dot;
mod layout;
mod mermaid;
mod pictures;
mod sequence;
mod svg;
mod text;
mod trace;
mod words;
mod workflow;

pub use architecture::architecture;
pub use diagram::{
    Container, ContainerId, ContainerKind, Diagram, Edge, EdgeKind, Node, NodeId, NodeKind, Tally, Vertex,
};
pub use dot::dot;
pub use layout::{Font, Layout, Path, Placed, Point, Rect, Segment, TextLine, layout};
pub use mermaid::mermaid;
pub use pictures::pictures;
pub use sequence::{Sequence, Turn as SequenceTurn};
pub use svg::{Scheme, SvgOptions, stylesheet, svg};
pub use text::text;
pub use trace::{Trace, TraceError};
pub use workflow::{workflow, workflows};
