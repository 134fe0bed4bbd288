//! What a picture shows, without saying where: boxes, boxes around boxes, and arrows between them.

/// A picture in no format yet: boxes, the containers around them, and arrows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diagram {
    /// What it is of, for its reader and for those who cannot see it.
    pub title: String,
    /// What there is to see, in a sentence or two, for those who cannot see it.
    pub description: String,
    nodes: Vec<Node>,
    containers: Vec<Container>,
    edges: Vec<Edge>,
    /// Nodes and containers in the order in which they were added.
    added: Vec<Vertex>,
    /// Whether [tallies](Tally) are shown: what was not passed is pale.
    pub painted: bool,
}

/// The number of a node in its diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) usize);

/// The number of a container in its diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerId(pub(super) usize);

/// What an edge leads from or to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vertex {
    /// A node.
    Node(NodeId),
    /// A container as a whole.
    Container(ContainerId),
}

/// A box of a picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// What it is, which decides how it looks.
    pub kind: NodeKind,
    /// What is written in it. Long texts are wrapped, never cut off.
    pub label: String,
    /// What is written below the label, smaller.
    pub detail: Option<String>,
    /// The kind whose drawing it has, where that is not its own: a task has that of the service that it calls.
    pub icon: Option<NodeKind>,
    /// Short remarks in its corner: `×3 retries`.
    pub badges: Vec<String>,
    /// What is said when a pointer rests on it, and to those who cannot see.
    pub tooltip: Option<String>,
    /// The name of the state that it is, which the SVG's group has as `data-state`.
    pub state: Option<String>,
    /// The container that it is in.
    pub parent: Option<ContainerId>,
    /// How often it was passed, in a picture that is [painted](Diagram::painted).
    pub tally: Tally,
}

/// A box around boxes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Container {
    /// What it is.
    pub kind: ContainerKind,
    /// What is written at its top; nothing where it is empty.
    pub label: String,
    /// What is written below the label, smaller.
    pub detail: Option<String>,
    /// Short remarks in its corner.
    pub badges: Vec<String>,
    /// What is said when a pointer rests on it.
    pub tooltip: Option<String>,
    /// The name of the state that it is.
    pub state: Option<String>,
    /// The container that it is in, which has to be there before it.
    pub parent: Option<ContainerId>,
    /// How often it was passed.
    pub tally: Tally,
}

/// An arrow. Both ends are best in one container: where they are not, it is drawn between the boxes around them that are.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Where it begins.
    pub from: Vertex,
    /// Where it leads.
    pub to: Vertex,
    /// What it says of itself: how it is drawn.
    pub kind: EdgeKind,
    /// What is written on it; a `\n` begins a line.
    pub label: Option<String>,
    /// What is said when a pointer rests on the label, where that leaves something out.
    pub tooltip: Option<String>,
    /// How often it was passed.
    pub tally: Tally,
}

/// How often something was passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Altogether.
    pub count: u64,
    /// Of these, how often it failed and nothing caught that, or it was the end of an execution that failed.
    pub failed: u64,
}

impl Tally {
    /// How often, as a picture writes it where executions are drawn; nothing, where it never was.
    pub(super) fn shown(self, diagram: &Diagram) -> Option<String> {
        (diagram.painted && self.count > 0).then(|| format!("{}×", self.count))
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs)] // Their names say it: the types of states, and what AWS calls the rest.
pub enum NodeKind {
    Start,
    End,
    Task,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
    /// A Parallel without branches to show, or drawn small.
    Parallel,
    /// A Map drawn small.
    Map,
    Bucket,
    EventBus,
    Rule,
    Schedule,
    StateMachine,
    Table,
    Queue,
    Topic,
    Api,
    Function,
    Alarm,
    Log,
    Key,
    Client,
    /// What runs containers or jobs.
    Compute,
    /// What asks or transforms large amounts of data.
    Query,
    /// What learned something: a model.
    Model,
    Mail,
    /// Anything else.
    #[default]
    Other,
}

/// What a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ContainerKind {
    /// A Map whose iterations run in its execution.
    Map,
    /// A Map whose iterations are executions.
    DistributedMap,
    /// A Parallel.
    Parallel,
    /// One of a Parallel's branches.
    Branch,
    /// Anything else that holds something.
    #[default]
    Group,
}

/// What an edge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EdgeKind {
    /// What follows.
    #[default]
    Next,
    /// What follows if a condition holds.
    Choice,
    /// What follows if none does.
    Default,
    /// What follows an error that was caught: dashed.
    Catch,
    /// To the end.
    End,
    /// An event that is sent.
    Event,
    /// A call of a service, with the permissions for it.
    Call,
    /// What goes wrong goes there: dashed.
    Failure,
    /// It belongs together, and nothing passes: dotted.
    Relation,
}

impl EdgeKind {
    /// Whether the line is interrupted.
    pub fn is_dashed(self) -> bool {
        matches!(self, Self::Catch | Self::Failure | Self::Relation)
    }
}

impl Diagram {
    /// A picture with nothing in it.
    pub fn new(title: impl Into<String>, description: impl Into<String>) -> Self {
        Self { title: title.into(), description: description.into(), ..Self::default() }
    }

    /// Adds a node.
    pub fn add(&mut self, node: Node) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(node);
        self.added.push(id.into());
        id
    }

    /// Adds a container. The one around it has to be there already; one that is not is as good as none.
    pub fn add_container(&mut self, mut container: Container) -> ContainerId {
        container.parent = container.parent.filter(|parent| parent.0 < self.containers.len());
        let id = ContainerId(self.containers.len());
        self.containers.push(container);
        self.added.push(id.into());
        id
    }

    /// Adds an edge.
    pub fn connect(&mut self, from: Vertex, to: Vertex, kind: EdgeKind, label: Option<String>) {
        self.edges.push(Edge { from, to, kind, label, tooltip: None, tally: Tally::default() });
    }

    /// Says what the label of the edge that was added last leaves out.
    pub fn explain(&mut self, tooltip: String) {
        if let Some(edge) = self.edges.last_mut() {
            edge.tooltip = Some(tooltip);
        }
    }

    /// What the signs in the picture mean, a line each; nothing about those that are not in it.
    pub fn legend(&self) -> Vec<&'static str> {
        let badges = self.nodes.iter().map(|node| &node.badges).chain(self.containers.iter().map(|one| &one.badges));
        let retries = badges.into_iter().any(|badges| !badges.is_empty());
        let has = |kind: EdgeKind| self.edges.iter().any(|edge| edge.kind == kind);
        let lines = [
            (retries, "×6 retries: an error is retried up to 6 times"),
            (has(EdgeKind::Catch), "dashed: an error that is caught"),
            (has(EdgeKind::Failure), "dashed: an event that could not be delivered"),
            (has(EdgeKind::Relation), "dotted: related, without calls or events"),
            (self.painted, "1×: how many times executions passed"),
        ];
        lines.into_iter().filter(|(shown, _)| *shown).map(|(_, line)| line).collect()
    }

    /// The nodes, in the order in which they were added.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The containers, each after the one around it.
    pub fn containers(&self) -> &[Container] {
        &self.containers
    }

    /// The edges, in the order in which they were added.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Nodes and containers in the order in which they were added.
    pub fn vertices(&self) -> &[Vertex] {
        &self.added
    }

    /// The container around something.
    pub fn parent(&self, vertex: Vertex) -> Option<ContainerId> {
        match vertex {
            Vertex::Node(NodeId(at)) => self.nodes.get(at).and_then(|node| node.parent),
            Vertex::Container(ContainerId(at)) => self.containers.get(at).and_then(|container| container.parent),
        }
    }

    pub(super) fn nodes_mut(&mut self) -> &mut [Node] {
        &mut self.nodes
    }

    pub(super) fn containers_mut(&mut self) -> &mut [Container] {
        &mut self.containers
    }

    pub(super) fn edges_mut(&mut self) -> &mut [Edge] {
        &mut self.edges
    }
}

impl From<NodeId> for Vertex {
    fn from(id: NodeId) -> Self {
        Self::Node(id)
    }
}

impl From<ContainerId> for Vertex {
    fn from(id: ContainerId) -> Self {
        Self::Container(id)
    }
}
