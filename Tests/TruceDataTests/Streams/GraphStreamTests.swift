import Testing
import Torch

@testable import TruceData

/// Graphs of i + 1 nodes in a row: node numbers, edges to the next node, the graph of each node.
private struct PathGraphs: SampleSource {
  let count = 3
  var joinings: [String: Joining] = [
    "nodes": .concatenated(axis: 0),
    "edges": .concatenated(axis: 1, adding: .rows(of: "nodes")),
    "graph": .concatenated(axis: 0, adding: .example),
  ]

  func joining(ofInput name: String) -> Joining { joinings[name] ?? .stacked }

  func name(ofSample position: Int) -> String { "graph \(position)" }

  func sample(at position: Int) -> Sample {
    let edges = (0..<position).map(Int64.init) + (0..<position).map { Int64($0) + 1 }
    return Sample(
      inputs: [
        Sample.Input(
          "nodes", HostArray((0...position).map { Float(10 * position + $0) }, shape: [position + 1, 1])),
        Sample.Input("edges", HostArray(edges, shape: [2, position])),
        Sample.Input("graph", HostArray(zeros: [position + 1], dtype: .int64)),
      ],
      targets: [Sample.Target("size", HostArray([Float(position + 1)], shape: []))])
  }
}

@Suite("Streams of graphs")
struct GraphStreamTests {
  @Test("join nodes, edges and graphs of different sizes")
  func joining() throws {
    let loader = try StreamLoader(PathGraphs(), batchSize: 3, order: .stored)
    let batch = try #require(try loader.batches(epoch: 0).next())
    #expect(batch.count == 3 && batch.domain[input: "nodes"]?.shape == [6, 1])
    #expect(batch.domain[input: "nodes"]?.toArray(as: Int.self) == [0, 10, 11, 20, 21, 22])
    #expect(batch.domain[input: "edges"]?.shape == [2, 3])
    #expect(batch.domain[input: "edges"]?.toArray(as: Int.self) == [1, 3, 4, 2, 4, 5])
    #expect(batch.domain[input: "graph"]?.toArray(as: Int.self) == [0, 1, 1, 2, 2, 2])
    #expect(batch[task: "size"]?.values.toArray(as: Float.self) == [1, 2, 3])
    let layout = loader.domains[0].inputs
    #expect(layout.map(\.shape) == [[nil, 1], [2, nil], [nil]])
    #expect(layout[0].joining == .concatenated(axis: 0))
  }

  @Test("refuse joinings that cannot be")
  func refusals() {
    func text(_ name: String, _ joining: Joining) -> String? {
      var graphs = PathGraphs()
      graphs.joinings[name] = joining
      return #expect(throws: DataError.self) {
        try StreamLoader(graphs, batchSize: 3, order: .stored)
      }?.description
    }
    #expect(
      text("nodes", .concatenated(axis: 2)) == "graph 0: its input 'nodes' of shape [1, 1] has no axis 2")
    #expect(
      text("nodes", .concatenated(axis: 0, adding: .example))
        == "graph 0: its input 'nodes' points at rows, but is of float32")
    #expect(
      text("edges", .concatenated(axis: 1, adding: .rows(of: "atoms")))
        == "graph 0: its input 'edges' points at rows of 'atoms', which is no input")
  }
}
