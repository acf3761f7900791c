import Truce

/// A catalogue entry as JSON.
struct MethodDocument: Encodable {
  private let method: MethodDescription

  init(_ method: MethodDescription) {
    self.method = method
  }

  private enum Key: String, CodingKey {
    case name, title, summary, kind, paper, formula, parameters, needs, cost, state, properties, notes
  }

  private enum CostKey: String, CodingKey {
    case backwardPasses = "backward_passes"
    case memory
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(method.name, forKey: .name)
    try object.encode(method.title, forKey: .title)
    try object.encode(method.summary, forKey: .summary)
    try object.encode(method.kind.rawValue, forKey: .kind)
    try object.encode(method.paper, forKey: .paper)
    try object.encode(method.formula, forKey: .formula)
    try object.encode(method.parameters.map(ParameterDocument.init), forKey: .parameters)
    try object.encode(method.inputs, forKey: .needs)
    try object.encode(method.state, forKey: .state)
    try object.encode(method.properties.map(\.rawValue).sorted(), forKey: .properties)
    try object.encode(method.notes, forKey: .notes)
    var cost = object.nestedContainer(keyedBy: CostKey.self, forKey: .cost)
    try cost.encode(method.cost.backwardPasses, forKey: .backwardPasses)
    try cost.encode(method.cost.memory, forKey: .memory)
  }
}
