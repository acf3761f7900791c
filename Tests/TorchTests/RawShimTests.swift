import CTorch
import Foundation
import Testing
import Torch

@Suite("The C face of the shim")
struct RawShimTests {
  @Test("adds two tensors made from bytes")
  func addsTensors() throws {
    let values: [Float] = [1, 2, 3]
    let sizes: [Int64] = [3]
    var made: ct_tensor?
    var sum: ct_tensor?
    #expect(ct_copy_bytes(values, 12, sizes, 1, CT_FLOAT32, &made) == CT_OK)
    let tensor = try #require(made)
    #expect(ct_add(tensor, tensor, &sum) == CT_OK)
    let total = try #require(sum)
    var bytes: UnsafeMutableRawPointer?
    var count: Int64 = 0
    #expect(ct_tensor_bytes(total, &bytes, &count) == CT_OK)
    let elements = try #require(bytes).assumingMemoryBound(to: Float.self)
    #expect(count == 12)
    #expect((0..<3).map { elements[$0] } == [2, 4, 6])
    ct_tensor_release(total)
    ct_tensor_release(tensor)
  }

  @Test("leaves a message without a backtrace when libtorch refuses")
  func leavesMessage() throws {
    let sizes: [Int64] = [2, 3]
    var made: ct_tensor?
    var product: ct_tensor?
    let device = ct_device(kind: CT_CPU, index: 0)
    #expect(ct_empty(sizes, 2, CT_FLOAT32, device, &made) == CT_OK)
    let tensor = try #require(made)
    #expect(ct_mm(tensor, tensor, &product) == CT_FAILED)
    let message = String(cString: ct_last_message())
    #expect(message == "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)")
    #expect(product == nil)
    ct_tensor_release(tensor)
  }

  @Test("refuses a code it does not know")
  func refusesUnknownCode() {
    var made: ct_tensor?
    let sizes: [Int64] = [1]
    let device = ct_device(kind: CT_CPU, index: 0)
    #expect(ct_empty(sizes, 1, ct_dtype(rawValue: 99), device, &made) == CT_FAILED)
    #expect(String(cString: ct_last_message()).contains("unknown element type code 99"))
  }

  @Test("was written for the libtorch it is built against")
  func versionIsPinned() {
    #expect(Engine.version == "2.13.0")
    #expect(Engine.configuration.contains("PyTorch built with"))
    #expect(Engine.parallelism.contains("at::get_num_threads()"))
    #expect(!Engine.cpuCapability.isEmpty)
    let library = Engine.libraryFolder + "/libtorch_cpu"
    #expect(["so", "dylib"].contains { FileManager.default.fileExists(atPath: "\(library).\($0)") })
  }
}
