import Testing
import Truce
import TruceTestSupport

@Suite("What Gramian methods refuse")
struct GramianRejectionTests {
  static let refusals: [(method: String, options: [String: OptionValue], text: String)] = [
    ("mgda", ["normalization": "l3"], "mgda: normalization must be one of none|l2|loss|loss+, got l3"),
    ("mgda", ["combine": 1], "mgda: combine must be one of normalized|raw, got 1"),
    (
      "pcgrad", ["order": [[1], [1]]],
      "pcgrad: order must be a list for each task of the other tasks, each once, or none, got [[1],[1]]"
    ),
    ("pcgrad", ["reduction": "median"], "pcgrad: reduction must be one of mean|sum, got median"),
    ("gradvac", ["beta": 1.5], "gradvac: beta must be between 0 and 1, got 1.5"),
    ("imtl-g", ["eps": 1], "imtl-g: unknown option 'eps'"),
    (
      "imtl", ["learning_rate": "own"],
      "imtl: learning_rate must be a number or the word model, got own"
    ),
    ("cagrad", ["c": -0.1], "cagrad: c must be at least 0, got -0.1"),
    ("cagrad", ["c": .number(.infinity)], "cagrad: c must be at least 0, got inf"),
    ("cagrad", ["rescale": 2], "cagrad: rescale must be one of none|squared|linear, got 2"),
    ("cagrad", ["max_norm": 0], "cagrad: max_norm must be greater than 0, or none, got 0"),
    ("cagrad", ["radius": 0.4], "cagrad: unknown option 'radius'"),
    ("cagrad-fast", ["c": -1], "cagrad-fast: c must be at least 0, got -1"),
    (
      "cagrad-fast", ["sample_size": 0],
      "cagrad-fast: sample_size must be a whole number, at least 1, got 0"
    ),
    (
      "cagrad-fast", ["sample": [1, 1]],
      "cagrad-fast: sample must be different tasks, at least one, or none, got [1,1]"
    ),
    (
      "nash-mtl", ["update_weights_every": 0],
      "nash-mtl: update_weights_every must be a whole number, at least 1, got 0"
    ),
    ("fairgrad", ["alpha": -1], "fairgrad: alpha must be at least 0, got -1"),
    ("pivrg", ["bound": 1], "pivrg: bound must be greater than 1, got 1"),
    ("svfair", ["temperature": 0], "svfair: temperature must be greater than 0, got 0"),
    (
      "aligned-mtl", ["scale_mode": "max"],
      "aligned-mtl: scale_mode must be one of min|median|rmse, got max"
    ),
    ("upgrad", ["preference": [1, -1]], "upgrad: preference must be at least 0 and not all 0, or none, got [1,-1]"),
    ("pcd", ["beta": 1], "pcd: beta must be at least 0 and less than 1, got 1"),
    ("pcd", ["tau": 2], "pcd: tau must be between 0 and 1, got 2"),
    (
      "krum", ["n_byzantine": 0.5], "krum: n_byzantine must be a whole number, got 0.5"
    ),
    ("cr-mogm", ["of": "ew"], "cr-mogm: of must be the name of a Gramian method, got ew"),
    ("cr-mogm", ["of": "cagard"], "unknown method 'cagard'"),
    ("cr-mogm", ["of": "cagrad", "of.c": -1], "cagrad: c must be at least 0, got -1"),
    ("cr-mogm", ["of": "cagrad", "of.d": 1], "cagrad: unknown option 'd'"),
  ]

  @Test func messagesNameTheParameterTheRuleAndTheValue() throws {
    for (method, options, text) in Self.refusals {
      let error = #expect(throws: MethodError.self, "\(method) \(options)") {
        try Catalogue.method(named: method, options: options)
      }
      #expect(error?.description == text)
      #expect(error?.help.isEmpty == false)
    }
  }

  @Test func initialisersCheckTheSameRules() {
    let message = "cagrad: c must be at least 0, got -2"
    let error = #expect(throws: OptionError.self) { try CAGrad(c: -2) }
    #expect(error?.description == message)
    #expect(throws: OptionError.self) { try PCGrad(order: [[0]]) }
    #expect(throws: OptionError.self) { try FairGrad(alpha: .nan) }
    #expect(throws: OptionError.self) { try SVFair(samples: 0) }
  }

  @Test func listsMustFitTheTasks() throws {
    let gramian = InputFamilies.gaussian[4].gramian
    let cases: [(String, [String: OptionValue], String)] = [
      ("pcgrad", ["order": [[1], [0]]], "expected 3 lists in 'order', got 2"),
      ("upgrad", ["preference": [1, 1]], "expected 3 preference weights, got 2"),
      ("pivrg", ["scores": [1]], "expected 3 numbers in 'scores', got 1"),
      ("pcd", ["tau": [0.1, 0.1, 0.1]], "expected 2 numbers in 'tau', got 3"),
    ]
    for (name, options, text) in cases {
      let error = #expect(throws: MethodError.self) { try firstWeights(name, options, gramian: gramian) }
      #expect(error?.description == text)
    }
  }

  @Test func lossesMustFitTheMethod() throws {
    let gramian = InputFamilies.gaussian[2].gramian
    let options: [String: OptionValue] = ["normalization": "loss"]
    let negative = #expect(throws: MethodError.self) {
      try firstWeights("mgda", options, gramian: gramian, losses: [1, -1])
    }
    #expect(negative?.description == "mgda: the loss of task 1 must be greater than 0, got -1.0")
    #expect(throws: MethodError.wrongCount(what: "losses", expected: 2, received: 1)) {
      try firstWeights("mgda", options, gramian: gramian, losses: [1])
    }
  }
}
