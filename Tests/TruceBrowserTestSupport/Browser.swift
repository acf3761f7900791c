public import Foundation

/// A headless Chromium under remote control, by the DevTools protocol over a pair of pipes.
///
/// Everything is synchronous: a call is written, and messages are read until its answer is among them.
public final class Browser {
  private let process = Process()
  private let toBrowser = Pipe()
  private let fromBrowser = Pipe()
  private let profile: URL
  private var unread = Data()
  private var lastCall = 0
  private var session: String?
  /// The events since the last page was opened.
  public private(set) var events: [Event] = []

  /// Something the browser reported unasked.
  public struct Event {
    /// The event's name.
    public let method: String
    /// What it tells.
    public let parameters: [String: Any]
  }

  /// The browser did not do as it was told.
  public struct Problem: Error, CustomStringConvertible {
    /// What went wrong.
    public let description: String
  }

  /// The program; nil where none is installed.
  public static let program: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let names = ["chromium", "chromium-browser", "google-chrome"]
    let candidates = names.flatMap { name in folders.map { "\($0)/\(name)" } }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Starts a browser with an empty page.
  public init() throws {
    profile = FileManager.default.temporaryDirectory.appending(path: "truce-browser-\(UUID().uuidString)")
    let flags = [
      "--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--user-data-dir=\(profile.path)",
      "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-dev-shm-usage", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
      "--host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'",
    ]
    process.executableURL = URL(filePath: "/bin/sh")
    // Chromium reads commands from descriptor 3 and writes answers to descriptor 4.
    let command =
      "exec \"$0\" \(flags.joined(separator: " ")) about:blank 3<&0 4>&1 0</dev/null 1>/dev/null 2>&1"
    process.arguments = ["-c", command, Self.program ?? "chromium"]
    process.standardInput = toBrowser
    process.standardOutput = fromBrowser
    try process.run()
    let target = try call("Target.createTarget", ["url": "about:blank"])
    let attached = try call(
      "Target.attachToTarget", ["targetId": target["targetId"] ?? "", "flatten": true])
    session = attached["sessionId"] as? String
    for domain in ["Page", "Network", "Runtime", "Log"] { _ = try call("\(domain).enable") }
  }

  deinit {
    _ = try? call("Browser.close")
    process.terminate()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: profile)
  }

  // MARK: The protocol

  /// Calls a method and returns its result.
  @discardableResult
  public func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    lastCall += 1
    var message: [String: Any] = ["id": lastCall, "method": method, "params": parameters]
    if let session { message["sessionId"] = session }
    let data = try JSONSerialization.data(withJSONObject: message) + Data([0])
    try toBrowser.fileHandleForWriting.write(contentsOf: data)
    while true {
      let answer = try nextMessage()
      if answer["id"] as? Int == lastCall {
        if let error = answer["error"] { throw Problem(description: "\(method): \(error)") }
        return answer["result"] as? [String: Any] ?? [:]
      }
      guard let name = answer["method"] as? String else { continue }
      events.append(Event(method: name, parameters: answer["params"] as? [String: Any] ?? [:]))
    }
  }

  private func nextMessage() throws -> [String: Any] {
    let descriptor = fromBrowser.fileHandleForReading.fileDescriptor
    while true {
      if let end = unread.firstIndex(of: 0) {
        let text = unread[unread.startIndex..<end]
        unread = Data(unread[(end + 1)...])
        return try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
      }
      var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&poller, 1, 60_000) > 0 else { throw Problem(description: "the browser is silent") }
      let data = fromBrowser.fileHandleForReading.availableData
      guard !data.isEmpty else { throw Problem(description: "the browser has ended") }
      unread += data
    }
  }

  // MARK: Pages

  /// Opens a page and waits until its script says that it is ready and its figures are drawn.
  public func open(_ address: URL) throws {
    events = []
    try resize(width: 1280, height: 900)
    try emulate(isDark: false)
    try call("Page.navigate", ["url": address.absoluteString])
    try wait(for: "document.documentElement?.dataset.ready === 'true'")
    try wait(
      for: """
        [...document.querySelectorAll("figure.plot .host")].every((host) => host.hidden || host.querySelector(".main-svg"))
        """)
  }

  /// Asks for light or dark.
  public func emulate(isDark: Bool) throws {
    try call(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]]])
  }

  /// Gives the window another size.
  public func resize(width: Int, height: Int) throws {
    try call(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600])
  }

  /// Evaluates an expression; promises are awaited.
  public func evaluate(_ expression: String) throws -> Any? {
    let answer = try call(
      "Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
    if let details = answer["exceptionDetails"] { throw Problem(description: "\(expression): \(details)") }
    return (answer["result"] as? [String: Any])?["value"]
  }

  /// Evaluates a condition until it holds, for half a minute at most.
  public func wait(for condition: String) throws {
    let end = Date(timeIntervalSinceNow: 30)
    while Date() < end {
      if try evaluate(condition) as? Bool == true { return }
      Thread.sleep(forTimeInterval: 0.05)
    }
    throw Problem(description: "never came true: \(condition)")
  }

  /// Clicks the middle of the first element that a selector finds.
  public func click(_ selector: String) throws {
    let place = try middle(of: selector)
    try mouse("mousePressed", at: place)
    try mouse("mouseReleased", at: place)
  }

  /// The middle of an element, after it was scrolled into view.
  public func middle(of selector: String) throws -> (x: Double, y: Double) {
    let text = try JSONSerialization.data(withJSONObject: [selector])
    let box = try evaluate(
      """
      (() => {
        const node = document.querySelector(\(String(decoding: text, as: UTF8.self))[0]);
        node.scrollIntoView({ block: "center", behavior: "instant" });
        const box = node.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];
      })()
      """)
    guard let place = box as? [Double] else { throw Problem(description: "no element \(selector)") }
    return (place[0], place[1])
  }

  /// Sends a mouse event.
  public func mouse(_ type: String, at place: (x: Double, y: Double)) throws {
    try call(
      "Input.dispatchMouseEvent",
      [
        "type": type, "x": place.x, "y": place.y, "button": "left", "clickCount": 1,
        "buttons": type == "mouseReleased" ? 0 : 1,
      ])
  }

  /// Saves pictures of the whole page, each of at most 1,800 lines, numbered from 1.
  public func screenshots(to folder: URL, name: String, width: Int) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let height = try evaluate("document.documentElement.scrollHeight") as? Int ?? 0
    for (number, top) in stride(from: 0, to: height, by: 1800).enumerated() {
      let clip: [String: Any] = [
        "x": 0, "y": top, "width": width, "height": min(1800, height - top), "scale": 1,
      ]
      let answer = try call(
        "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true, "clip": clip])
      guard let text = answer["data"] as? String, let data = Data(base64Encoded: text) else {
        throw Problem(description: "no picture")
      }
      try data.write(to: folder.appending(path: "\(name)-\(number + 1).png"))
    }
  }
}

// MARK: What went wrong in a page

extension Browser {
  /// Errors and warnings of the page's console, and exceptions.
  public var complaints: [String] {
    events.compactMap { event in
      switch event.method {
      case "Runtime.exceptionThrown": "\(event.parameters["exceptionDetails"] ?? "")"
      case "Runtime.consoleAPICalled"
      where ["error", "warning", "assert"].contains(event.parameters["type"] as? String):
        "\(event.parameters["args"] ?? "")"
      case "Log.entryAdded": Self.complaint(of: event)
      default: nil
      }
    }
  }

  private static func complaint(of event: Event) -> String? {
    guard let entry = event.parameters["entry"] as? [String: Any], let text = entry["text"] as? String,
      entry["level"] as? String == "error" || entry["level"] as? String == "warning"
    else { return nil }
    // Software rendering is the test machine's, not the page's.
    return text.contains("GPU stall") || text.contains("GL Driver Message") ? nil : text
  }

  /// The addresses that the page asked for, without those inside itself.
  public var requests: [String] {
    events.filter { $0.method == "Network.requestWillBeSent" }.compactMap { event in
      let request = event.parameters["request"] as? [String: Any]
      let address = request?["url"] as? String ?? ""
      return address.hasPrefix("data:") || address.hasPrefix("blob:") ? nil : address
    }
  }
}
