import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sends a text over a socket as it is: other clients put paths and headers in order.
struct RawClient {
  struct Problem: Error {
    let call: String
  }

  let port: Int
  var address = "127.0.0.1"

  /// Sends a request and reads the answer until the server closes the connection.
  func send(_ text: String) throws -> String {
    let descriptor = try connected()
    defer { close(descriptor) }
    var remaining = Array(text.utf8)[...]
    while !remaining.isEmpty {
      let count = remaining.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Problem(call: "write") }
      remaining = remaining.dropFirst(count)
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
      answer += buffer[..<count]
    }
  }

  /// Sends a request for a path and returns the status line's code.
  func status(_ method: String, _ target: String, host: String? = "127.0.0.1") throws -> Int? {
    let header = host.map { "Host: \($0)\r\n" } ?? ""
    let answer = try send("\(method) \(target) HTTP/1.1\r\n\(header)Connection: close\r\n\r\n")
    return answer.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  private func connected() throws -> Int32 {
    #if os(Linux)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw Problem(call: "socket") }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = UInt16(port).bigEndian
    place.sin_addr.s_addr = inet_addr(address)
    let status = withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(descriptor)
      throw Problem(call: "connect")
    }
    return descriptor
  }
}
