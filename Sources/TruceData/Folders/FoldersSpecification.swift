public import TruceFiles

/// Where pictures and their labels lie, and what the labels ask.
///
/// It is read from a YAML file; `Documentation/own-data.md` shows one with every key.
public struct FoldersSpecification: Equatable, Sendable {
  /// How every picture is brought to one shape.
  public struct Shape: Equatable, Sendable {
    /// The number of rows.
    public let height: Int
    /// The number of pixels in a row.
    public let width: Int
    /// 1 for grey, 3 for colours.
    public let channels: Int
    /// How the height and width are reached.
    public let fit: PictureFit
  }

  /// A file of separated values with a row for each picture.
  public struct LabelFile: Equatable, Sendable {
    /// The file.
    public let path: String
    /// The column that names the pictures, by their paths or their names alone.
    public let nameColumn: String
    /// How it is written.
    public let dialect: CSVDialect
    /// The columns' names, where its first line does not say them.
    public let columns: [String]?
  }

  /// Where a task's label comes from.
  public enum Origin: Equatable, Sendable {
    /// The name of the folder that holds the picture; only of those under a path, where one is given.
    case folder(under: String?)
    /// A column of a label file.
    case column(String)
    /// Whether a column's list of words holds one.
    case listed(String, column: String, separator: String)
  }

  /// A task.
  public struct Task: Equatable, Sendable {
    /// Where its labels come from.
    public let origin: Origin
    /// Its name and what it asks.
    let table: TableSpecification.Task

    /// The task's name.
    public var name: String { table.name }
  }

  /// Which pictures are in which split.
  public enum Division: Equatable, Sendable {
    /// Shares of the pictures, drawn at random from a seed.
    case ratio(SplitRatio)
    /// The words of a column of a label file; pictures with other words are left out.
    case column(String, SplitWords)
    /// The folders of each split, by their paths; pictures in others are left out.
    case folders(SplitWords)
    /// A file for each split that names a picture a line; pictures in none are left out. Of those to learn from, shares
    /// may be drawn to choose by.
    case lists([Split: String], holdingOut: SplitRatio?)
  }

  /// What becomes of a label without its picture, or a picture without any label.
  public enum Unmatched: String, CaseIterable, Sendable {
    /// It is a fault.
    case refuse
    /// It is left out.
    case skip
  }

  /// The file this was read from, for messages.
  public let path: String
  /// The folder of the pictures.
  public let images: String
  /// The shape they are brought to.
  public let shape: Shape
  /// The files of labels.
  public let labels: [LabelFile]
  /// The texts that stand for a missing label.
  public let missing: [String]
  /// The tasks, in order.
  public let tasks: [Task]
  /// Which pictures are in which split.
  public let division: Division
  /// What becomes of what has no counterpart.
  public let unmatched: Unmatched
}
