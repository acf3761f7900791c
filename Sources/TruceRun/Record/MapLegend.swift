/// How the colours of a task's maps are to be read.
public struct MapLegend: Codable, Equatable, Sendable {
  /// A colour with what it stands for.
  public struct Entry: Codable, Equatable, Sendable {
    /// The colour, `#rrggbb`.
    public var color: String
    /// What it stands for.
    public var name: String

    /// Creates an entry.
    public init(color: String, name: String) {
      self.color = color
      self.name = name
    }
  }

  /// Colours of numbers between two ends; numbers beyond an end have the end's colour.
  public struct Scale: Codable, Equatable, Sendable {
    /// What the numbers are, with their unit: "depth in metres".
    public var quantity: String
    /// Colours in even steps, `#rrggbb`, those of both ends included.
    public var colors: [String]
    /// The number of the first colour.
    public var low: Double
    /// The number of the last colour.
    public var high: Double

    /// Creates a scale.
    public init(quantity: String, colors: [String], low: Double, high: Double) {
      self.quantity = quantity
      self.colors = colors
      self.low = low
      self.high = high
    }
  }

  /// The colours that stand for one thing each.
  public var entries: [Entry]
  /// The colours of numbers, where the maps have some.
  public var scale: Scale?

  /// Creates a legend.
  public init(entries: [Entry], scale: Scale? = nil) {
    self.entries = entries
    self.scale = scale
  }
}
