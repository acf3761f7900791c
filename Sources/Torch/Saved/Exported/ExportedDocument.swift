import Foundation

// What `models/model.json` of an exported program holds, as far as running it needs that.
// Source: torch/_export/serde/schema.py of PyTorch 2.13, schema version 8. The keys are in snake case there.

struct ExportedDocument: Decodable {
  struct Version: Decodable { let major, minor: Int }

  let graphModule: ExportedGraphModule
  let schemaVersion: Version

  /// The major version this module reads.
  static let majorVersion = 8
}

struct ExportedGraphModule: Decodable {
  let graph: ExportedGraph
  let signature: ExportedSignature
}

struct ExportedGraph: Decodable {
  let inputs: [ExportedArgument]
  let outputs: [ExportedArgument]
  let nodes: [ExportedNode]
  let tensorValues: [String: ExportedTensorMeta]
}

struct ExportedNode: Decodable {
  struct Input: Decodable {
    let name: String
    let arg: ExportedArgument
  }

  /// The operation, such as `torch.ops.aten.conv2d.default`.
  let target: String
  let inputs: [Input]
  let outputs: [ExportedArgument]
  /// The node's own name, where it has one.
  let name: String?
}

struct ExportedTensorMeta: Decodable {
  let dtype: Int
  let sizes: [ExportedSize]
  let strides: [ExportedSize]
  let storageOffset: ExportedSize
}

/// A length: a number, or one that only a run knows.
enum ExportedSize: Decodable {
  case fixed(Int)
  case open

  private enum Key: String, CodingKey { case asInt }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self = try container.decodeIfPresent(Int.self, forKey: .asInt).map(ExportedSize.fixed) ?? .open
  }

  var value: Int? { if case .fixed(let value) = self { value } else { nil } }
}

// MARK: Arguments

/// An argument of a call, or what a call gives back.
indirect enum ExportedArgument: Decodable {
  case none
  case tensor(String)
  case tensors([String?])
  case integer(Int)
  case integers([Int])
  case real(Double)
  case reals([Double])
  case truth(Bool)
  case truths([Bool])
  case text(String)
  /// A number that another node computes.
  case named(String)
  case mixedIntegers([ExportedArgument])
  case dtype(Int)
  case memoryFormat(Int)
  case layout(Int)
  case device
  /// A kind that running does not know.
  case other(String)

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Name: Decodable { let name: String }

  /// A number, or the name of one.
  private struct Symbol: Decodable {
    let asName: String?
    let asInt: Int?
    let asFloat: Double?
    let asBool: Bool?

    var argument: ExportedArgument {
      asName.map(ExportedArgument.named) ?? asInt.map(ExportedArgument.integer)
        ?? asFloat.map(ExportedArgument.real) ?? asBool.map(ExportedArgument.truth) ?? .none
    }
  }

  private struct OptionalName: Decodable { let asTensor: Name? }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    guard let key = container.allKeys.first else {
      self = .none
      return
    }
    func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
      try container.decode(type, forKey: key)
    }
    switch key.stringValue {
    case "asNone": self = .none
    case "asTensor": self = .tensor(try value(Name.self).name)
    case "asTensors": self = .tensors(try value([Name].self).map(\.name))
    case "asOptionalTensor": self = try value(OptionalName.self).asTensor.map { .tensor($0.name) } ?? .none
    case "asOptionalTensors": self = .tensors(try value([OptionalName].self).map { $0.asTensor?.name })
    case "asInt": self = .integer(try value())
    case "asInts": self = .integers(try value())
    case "asFloat": self = .real(try value(ExportedReal.self).value)
    case "asFloats": self = .reals(try value([ExportedReal].self).map(\.value))
    case "asBool": self = .truth(try value())
    case "asBools": self = .truths(try value())
    case "asString": self = .text(try value())
    case "asSymInt", "asSymFloat", "asSymBool": self = try value(Symbol.self).argument
    case "asSymInts": self = .mixedIntegers(try value([Symbol].self).map(\.argument))
    case "asScalarType": self = .dtype(try value())
    case "asMemoryFormat": self = .memoryFormat(try value())
    case "asLayout": self = .layout(try value())
    case "asDevice": self = .device
    default: self = .other(String(key.stringValue.dropFirst(2)))
    }
  }
}

/// A real number, of which JSON cannot write some.
private struct ExportedReal: Decodable {
  let value: Double

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self.value = value
      return
    }
    let words = ["Infinity": Double.infinity, "-Infinity": -.infinity, "NaN": .nan]
    value = words[try container.decode(String.self)] ?? .nan
  }
}

// MARK: Signature

struct ExportedSignature: Decodable {
  let inputSpecs: [ExportedInput]
  let outputSpecs: [ExportedOutput]
}

/// What an input of the graph is.
enum ExportedInput: Decodable {
  case user
  case parameter(String)
  case buffer(String, isSaved: Bool)
  case constant(String)
  case other(String)

  private enum Key: String, CodingKey, CaseIterable {
    case userInput, parameter, buffer, tensorConstant, customObj, token, constantInput
  }

  private struct Parameter: Decodable { let parameterName: String }
  private struct Buffer: Decodable {
    let bufferName: String
    let persistent: Bool
  }
  private struct Constant: Decodable { let tensorConstantName: String }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch container.allKeys.first {
    case .userInput: self = .user
    case .parameter:
      self = .parameter(try container.decode(Parameter.self, forKey: .parameter).parameterName)
    case .buffer:
      let buffer = try container.decode(Buffer.self, forKey: .buffer)
      self = .buffer(buffer.bufferName, isSaved: buffer.persistent)
    case .tensorConstant:
      self = .constant(try container.decode(Constant.self, forKey: .tensorConstant).tensorConstantName)
    case let key: self = .other(key?.rawValue ?? "unknown")
    }
  }
}

/// What an output of the graph is.
enum ExportedOutput: Decodable {
  case user
  /// The new value of a buffer.
  case buffer(String)
  case other(String)

  private enum Key: String, CodingKey {
    case userOutput, bufferMutation, lossOutput, gradientToParameter, gradientToUserInput
    case userInputMutation, parameterMutation, token
  }

  private struct Buffer: Decodable { let bufferName: String }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch container.allKeys.first {
    case .userOutput: self = .user
    case .bufferMutation:
      self = .buffer(try container.decode(Buffer.self, forKey: .bufferMutation).bufferName)
    case let key: self = .other(key?.rawValue ?? "unknown")
    }
  }
}

// MARK: Weights

/// What the list of weights or constants says of each.
struct ExportedWeights: Decodable {
  struct Weight: Decodable {
    let pathName: String
    let isParam: Bool
    let usePickle: Bool
    let tensorMeta: ExportedWeightMeta?
  }

  let config: [String: Weight]
}

struct ExportedWeightMeta: Decodable {
  let dtype: Int
  let sizes: [ExportedSize]
  let strides: [ExportedSize]
  let storageOffset: ExportedSize
  let requiresGrad: Bool
}

/// The element types by the numbers that the files give them.
enum ExportedType {
  static func dtype(_ code: Int) -> DType? {
    let types: [Int: DType] = [
      1: .uint8, 2: .int8, 3: .int16, 4: .int32, 5: .int64, 6: .float16, 7: .float32, 8: .float64, 12: .bool,
      13: .bfloat16,
    ]
    return types[code]
  }
}
