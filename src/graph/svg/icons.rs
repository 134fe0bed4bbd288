//! Small drawings, on a grid of 24 by 24, drawn with a line of 2.

use crate::graph::diagram::{ContainerKind, NodeKind};

/// The path of a node's icon; `None` where it has none.
pub(super) fn of_node(kind: NodeKind) -> Option<&'static str> {
    Some(match kind {
        NodeKind::Start | NodeKind::End => return None,
        NodeKind::Task => {
            "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM12 4.5v4M12 15.5v4M4.5 12h4M15.5 12h4M6.7 6.7l2.8 2.8M14.5 \
             14.5l2.8 2.8M6.7 17.3l2.8-2.8M14.5 9.5l2.8-2.8"
        }
        NodeKind::Pass => "M5 12h13.5M13 6.5l5.5 5.5-5.5 5.5",
        NodeKind::Choice => "M12 3.5l8.5 8.5-8.5 8.5L3.5 12z",
        NodeKind::Wait | NodeKind::Schedule => "M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0zM12 7.5V12l3.2 2",
        NodeKind::Succeed => "M5 12.5l4.7 4.7L19 7.5",
        NodeKind::Fail => "M7 7l10 10M17 7L7 17",
        NodeKind::Parallel => "M6 5v14M12 5v14M18 5v14",
        NodeKind::Map => "M8 8V4h12v12h-4M4 8h12v12H4z",
        NodeKind::Bucket => {
            "M5 7c0-1.7 3.1-3 7-3s7 1.3 7 3-3.1 3-7 3-7-1.3-7-3zM5 7l1.8 11.2c.3 1 2.4 1.8 5.2 1.8s4.9-.8 5.2-1.8L19 7"
        }
        NodeKind::EventBus => "M4 12h16M7 12V7M12 12v6M17 12V7M7 7v.01M12 18v.01M17 7v.01",
        NodeKind::Rule => "M4 5h16l-6.2 7.5V19l-3.6-2v-4.5z",
        NodeKind::StateMachine => "M9 4h6v4.5H9zM4 15.5h6V20H4zM14 15.5h6V20h-6zM12 8.5V12M7 15.5V12h10v3.5",
        NodeKind::Table => "M4 5h16v14H4zM4 9.7h16M4 14.3h16M10 9.7V19",
        NodeKind::Queue => "M3.5 8h4.5v8H3.5zM9.8 8h4.5v8H9.8zM16 8h4.5v8H16z",
        NodeKind::Topic => {
            "M13.5 12a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0zM8.2 15.8a5.4 5.4 0 0 1 0-7.6M15.8 8.2a5.4 5.4 0 0 1 0 7.6M5.3 \
             18.7a9.5 9.5 0 0 1 0-13.4M18.7 5.3a9.5 9.5 0 0 1 0 13.4"
        }
        NodeKind::Api => "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14",
        NodeKind::Function => "M7 4.5h3L17 19.5M11.3 10.5L6.5 19.5",
        NodeKind::Alarm => "M6 16v-5a6 6 0 0 1 12 0v5l1.5 1.5h-15zM10 20.5h4",
        NodeKind::Log => "M6 4h12v16H6zM9 8.5h6M9 12.5h6M9 16.5h3",
        NodeKind::Key => "M19 9a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM11.3 12.2L5 18.5V21M8 15.5l2 2",
        NodeKind::Client => "M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM4.5 20a7.5 7.5 0 0 1 15 0",
        NodeKind::Compute => "M12 3.5l7.5 4.2v8.6L12 20.5l-7.5-4.2V7.7zM4.5 7.7L12 12l7.5-4.3M12 12v8.5",
        NodeKind::Query => "M16.5 10.5a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM15 15l5 5M7.5 12.5v-2M10.5 12.5v-4M13.5 12.5v-1",
        NodeKind::Model => {
            "M12 4v4M12 16v4M4 12h4M16 12h4M9 9l-3-3M15 9l3-3M9 15l-3 3M15 15l3 3M14 12a2 2 0 1 1-4 0 2 2 0 0 1 4 0z"
        }
        NodeKind::Mail => "M4 6h16v12H4zM4 7l8 6 8-6",
        NodeKind::Other => "M5 5h14v14H5z",
    })
}

/// The path of a container's icon.
pub(super) fn of_container(kind: ContainerKind) -> &'static str {
    match kind {
        ContainerKind::Map | ContainerKind::DistributedMap => "M8 8V4h12v12h-4M4 8h12v12H4z",
        ContainerKind::Parallel => "M6 5v14M12 5v14M18 5v14",
        ContainerKind::Branch => "M6 4v16",
        ContainerKind::Group => "M4 7h6l2 2.5h8V19H4z",
    }
}
