import Foundation
import Testing

@testable import TruceEnvironments

@Suite("Where Python is looked for")
struct PythonLocationTests {
  private func program(_ folder: ScratchFolder, _ path: String) throws -> String {
    let file = folder.url.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("#!/bin/sh\n".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return file.path(percentEncoded: false)
  }

  @Test("The variable counts, then what the set-up made, then the search path where that will do")
  func order() throws {
    let folder = try ScratchFolder()
    let named = try program(folder, "named/python")
    let plain = try program(folder, "bin/python3")
    let made = try program(folder, "project/.truce/rl/bin/python3")
    func found(
      _ environment: [String: String], any: Bool = false, folders: [String] = ["project"]
    ) throws -> PythonLocation {
      try PythonLocation.found(
        for: "metaworld", environment: environment, folders: folders.map { folder.url.appending(path: $0) },
        takingAny: any)
    }
    let path = "/no/such/folder:" + folder.path("bin")
    let all = ["TRUCE_RL_PYTHON": named, "PATH": path]
    #expect(try found(all) == PythonLocation(program: URL(filePath: named), origin: .variable))
    #expect(try found(["PATH": path, "TRUCE_RL_PYTHON": ""], any: true).origin == .setup)
    #expect(try found([:]).program.path == made)
    let last = try found(["PATH": path], any: true, folders: ["other"])
    #expect(last.origin == .searchPath && last.program.path == plain)
    let help = "run `Scripts/setup rl`, or set TRUCE_RL_PYTHON to a Python that has the packages"
    let searched = folder.url.appending(path: "other/.truce/rl/bin/python3").path
    expect(throws: "metaworld runs in Python, and there is none at \(searched)", help: help) {
      try found(["PATH": path], folders: ["other"])
    }
    expect(throws: "metaworld runs in Python, and there is none at /no/python", help: help) {
      try found(["TRUCE_RL_PYTHON": "/no/python"])
    }
  }
}
