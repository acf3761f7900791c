import Foundation
import Testing
import TruceOptions
import TruceRun
import TruceTestSupport

@testable import TruceEnvironments

@Suite("The file of a class in Python")
struct PythonClassTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test(
    "begins in the folder that the command is started in, unless its path is a full one",
    arguments: [("carts.py", "carts.py"), ("./sub/../carts.py", "carts.py"), ("sub/a:b.py", "sub/a:b.py")])
  func relative(given: String, found: String) throws {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "sub"), withIntermediateDirectories: true)
    _ = try folder.write("", to: found)
    let place = folder.url.path(percentEncoded: false)
    #expect(try PythonTasks.located("\(given):Carts", from: place) == "\(folder.path(found)):Carts")
    let full = "\(folder.path(found)):Carts"
    #expect(try PythonTasks.located(full, from: "/") == full)
  }

  @Test("is named with its full path where it is not there")
  func missing() throws {
    let place = folder.url.path(percentEncoded: false)
    let help = "check the path; a relative one begins in the folder that the command is started in"
    expect(throws: "none.py: there is no file \(folder.path("none.py"))", help: help) {
      try PythonTasks.located("none.py:Carts", from: place)
    }
    expect(throws: "there is no file /no/carts.py", help: help) {
      try PythonTasks.located("/no/carts.py:Carts", from: place)
    }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "carts.py"), withIntermediateDirectories: true)
    expect(throws: "carts.py: there is no file \(folder.path("carts.py"))", help: help) {
      try PythonTasks.located("carts.py:Carts", from: place)
    }
    // Nothing is started for it.
    let here = URL(filePath: FileManager.default.currentDirectoryPath).appending(path: "no-such-class.py")
    expect(
      throws: "no-such-class.py: there is no file \(here.path(percentEncoded: false))", help: help
    ) {
      try EnvironmentEntry.python.make(
        EnvironmentRequest(
          options: ["class": "no-such-class.py:Carts"],
          workers: WorkerSettings(python: URL(filePath: "/no/python"))))
    }
    let error = EnvironmentError.noClassFile(given: "a", resolved: "/a")
    #expect(error.exitStatus == .missingInput)
  }
}
