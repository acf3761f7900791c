// Whoever makes a method of this room also writes its options.
@_exported public import TruceOptions

extension Options {
  /// Creates a method's options after checking that it declares every one of them.
  ///
  /// - Throws: `OptionError` with the closest declared name.
  public init(
    for about: MethodDescription, values: [String: OptionValue] = [:]
  ) throws(OptionError) {
    try self.init(owner: about.name, parameters: about.parameters, values: values)
  }
}

extension MethodError {
  /// Runs what reads a method's options, and gives its error a method's help.
  static func reading<Value>(
    _ body: () throws(OptionError) -> Value
  ) throws(MethodError) -> Value {
    do throws(OptionError) { return try body() } catch { throw .option(error) }
  }
}
