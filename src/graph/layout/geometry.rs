/// A point, in pixels from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// A rectangle: its upper left corner and its size.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// The left side, in pixels from the left of the picture.
    pub x: f64,
    /// The top, in pixels from the top of the picture.
    pub y: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

/// What a line goes on with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    /// Straight to a point.
    Line(Point),
    /// A cubic Bézier curve: two control points and the end.
    Curve(Point, Point, Point),
}

impl Point {
    /// The same, moved.
    pub fn moved(self, by: Point) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y }
    }
}

impl Segment {
    /// The lower right corner.
    pub fn end(self) -> Point {
        match self {
            Self::Line(end) | Self::Curve(_, _, end) => end,
        }
    }

    /// The same, moved.
    pub fn moved(self, by: Point) -> Self {
        match self {
            Self::Line(end) => Self::Line(end.moved(by)),
            Self::Curve(a, b, end) => Self::Curve(a.moved(by), b.moved(by), end.moved(by)),
        }
    }
}

impl Rect {
    /// The right side, in pixels from the left of the picture.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// The lower side, in pixels from the top of the picture.
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// The point in the middle of the rectangle.
    pub fn centre(&self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// The same, moved.
    pub fn moved(self, by: Point) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y, ..self }
    }

    /// Whether two share more than a border.
    pub fn overlaps(&self, other: &Rect) -> bool {
        const TOUCH: f64 = 0.01;
        self.x + TOUCH < other.right()
            && other.x + TOUCH < self.right()
            && self.y + TOUCH < other.bottom()
            && other.y + TOUCH < self.bottom()
    }

    /// Whether all of the other is in this one.
    pub fn holds(&self, other: &Rect) -> bool {
        const TOUCH: f64 = 0.01;
        other.x + TOUCH >= self.x
            && other.right() <= self.right() + TOUCH
            && other.y + TOUCH >= self.y
            && other.bottom() <= self.bottom() + TOUCH
    }
}
