import TorchNN

extension NamedTensors {
  /// The tensors whose names are one of these or begin with one of them and a point, under their whole names.
  func under(names: [String]) -> NamedTensors {
    NamedTensors(filter { entry in names.contains { entry.name == $0 || entry.name.hasPrefix($0 + ".") } })
  }
}
