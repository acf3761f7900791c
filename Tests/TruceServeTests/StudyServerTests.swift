import Foundation
import ServiceLifecycle
import Testing
import TruceRun

@testable import TruceServe

/// Serves a study while a client works.
///
/// The client has a thread of its own, since it waits for the server, which needs those of the pool.
func withServer(
  of bench: StudyBench, library: URL? = nil, _ client: @escaping @Sendable (URL) throws -> Void
) async throws {
  let server = StudyServer(try LiveStudy(bench.folder, library: library ?? bench.standIn()), port: 0)
  let (addresses, continuation) = AsyncStream.makeStream(of: URL.self)
  let service = server.service(endedBy: []) { continuation.yield($0) }
  let running = Task { try await server.run(service) }
  let address = try #require(await addresses.first { _ in true })
  let result = await withCheckedContinuation { done in
    Thread.detachNewThread { done.resume(returning: Result { try client(address) }) }
  }
  await service.triggerGracefulShutdown()
  try await running.value
  try result.get()
}

@Suite("The server on a socket")
struct StudyServerTests {
  @Test func requestsAreAnsweredAndRefused() async throws {
    let bench = try StudyBench()
    try bench.end(0..<3)
    try await withServer(of: bench) { address in
      let client = RawClient(port: try #require(address.port))
      let page = try client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(page.contains("<title>bench – Truce</title>"))
      let head = try client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      let length = page.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
      #expect(head.contains(try #require(length)) && head.hasSuffix("\r\n\r\n"))
      #expect(try client.status("GET", "/data/results.csv") == 200)
      #expect(try client.status("GET", "/status.json?x=1") == 200)
      #expect(try client.status("GET", "/", host: "evil.example") == 421)
      #expect(try client.status("GET", "/", host: nil).map { $0 >= 400 } ?? true)
      #expect(try client.status("POST", "/") == 405)
      #expect(try client.status("GET", "/../../etc/passwd") == 404)
      #expect(try client.status("GET", "/%2e%2e%2f%2e%2e%2fetc/passwd") == 404)
      #expect(try client.status("GET", "http://127.0.0.1/study.yaml") == 404)
    }
  }

  @Test func otherAddressesOfTheMachineAreDeaf() async throws {
    let bench = try StudyBench(methods: ["ew"], seeds: [0])
    try await withServer(of: bench) { address in
      let other = RawClient(port: try #require(address.port), address: "127.0.0.2")
      #expect(throws: RawClient.Problem.self) { try other.status("GET", "/") }
    }
  }

  @Test func aPortInUseIsTold() async throws {
    let bench = try StudyBench(methods: ["ew"], seeds: [0])
    let study = try LiveStudy(bench.folder, library: bench.standIn())
    try await withServer(of: bench) { address in
      let port = try #require(address.port)
      let waiting = DispatchSemaphore(value: 0)
      Task {
        let error = await #expect(throws: ServeError.self) {
          let second = StudyServer(study, port: port)
          try await second.run(second.service(endedBy: []) { _ in })
        }
        #expect(error == .portInUse(port))
        #expect(error?.description == "port \(port) of 127.0.0.1 is in use")
        #expect(error?.help == "give another --port, or --port 0 for any free one")
        #expect(error?.exitStatus == .inputOutput)
        waiting.signal()
      }
      waiting.wait()
    }
  }
}
