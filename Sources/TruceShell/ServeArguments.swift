public import ArgumentParser

/// What `truce study serve` is told, in `truce` as in `truce-serve`, to which it hands over.
public struct ServeArguments: ParsableArguments {
  /// What the command does, in one sentence.
  public static let abstract = "Show a study's report in a browser, live while it runs."
  /// What the command does, with examples.
  public static let discussion = """
    The page is that of `truce study report`, with a strip that tells how the study stands. It follows the \
    study's folder, into which it writes nothing: figures and tables change when a run ends, without losing the \
    reader's place. Only this machine can open the page. Ctrl-C ends the page, not the study.

    Examples:
      truce study serve runs/demo
      truce study serve Studies/demo.yaml --port 0

    From another machine, open the printed address after:
      ssh -L 8765:127.0.0.1:8765 MACHINE
    """

  /// The study's folder, or its file.
  @Argument(
    help: ArgumentHelp("The study's folder, or its file.", valueName: "study"),
    completion: StudyNames.completion)
  public var study: String

  /// The port; 0 for any that is free.
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The port to listen on; 0 for any that is free.", valueName: "number"))
  public var port = 8765

  /// Creates the arguments.
  public init() {}

  /// Refuses a number that is no port.
  public func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port must be from 0 to 65535, got \(port)")
    }
  }
}
