public import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import TruceRun
import UnixSignals

/// A server of one study's page, for the browsers of this machine.
///
/// It listens on 127.0.0.1 alone, shows and changes nothing, and answers only requests that were sent to this machine
/// by name; see ``Site``.
public struct StudyServer: Sendable {
  private let study: LiveStudy
  private let port: Int

  /// Creates a server.
  ///
  /// - Parameters:
  ///   - study: The study.
  ///   - port: The port; 0 for any free one.
  public init(_ study: LiveStudy, port: Int) {
    self.study = study
    self.port = port
  }

  /// Serves until the process gets SIGINT or SIGTERM, and then ends once open requests are answered; one of them that
  /// was ignored when the process started stays ignored.
  ///
  /// - Parameter isReady: Is told the page's address once browsers can ask for it.
  /// - Throws: ``ServeError`` where the port cannot be listened on.
  public func run(isReady: @escaping @Sendable (URL) -> Void) async throws {
    let signals: [(number: Int32, signal: UnixSignal)] = [(SIGINT, .sigint), (SIGTERM, .sigterm)]
    let heeded = signals.filter { !Interruption.isIgnored($0.number) }
    try await run(service(endedBy: heeded.map(\.signal), isReady))
  }

  func run(_ service: ServiceGroup) async throws {
    // A connection that is still open may keep the study's value beyond the end of the process.
    defer { study.close() }
    do { try await service.run() } catch let error as IOError {
      throw error.errnoCode == EADDRINUSE
        ? ServeError.portInUse(port)
        : .cannotListen(port: port, reason: String(cString: strerror(error.errnoCode)).lowercased())
    }
  }

  func service(
    endedBy signals: [UnixSignal], _ isReady: @escaping @Sendable (URL) -> Void
  ) -> ServiceGroup {
    let silent = Logger(label: "truce") { _ in SwiftLogNoOpLogHandler() }
    return ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [application(isReady, silent)], gracefulShutdownSignals: signals, logger: silent))
  }

  private func application(
    _ isReady: @escaping @Sendable (URL) -> Void, _ logger: Logger
  ) -> Application<CallbackResponder<BasicRequestContext>> {
    let study = study
    return Application(
      responder: CallbackResponder { request, _ in await study.response(to: SiteRequest(request)).message },
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { channel in
        guard let port = channel.localAddress?.port, let address = URL(string: "http://127.0.0.1:\(port)/")
        else { return }
        isReady(address)
      },
      logger: logger)
  }
}

// MARK: Messages

extension SiteRequest {
  fileprivate init(_ request: Request) {
    self.init(
      method: request.method.rawValue, target: request.head.path ?? "", host: request.head.authority,
      knownVersion: request.headers[.ifNoneMatch])
  }
}

extension SiteResponse {
  fileprivate var message: Response {
    var fields = HTTPFields()
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    return Response(
      status: .init(code: status), headers: fields,
      body: body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }
}
