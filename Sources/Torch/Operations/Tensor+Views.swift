import CTorch

// MARK: Shape

extension Tensor {
  /// The elements in another shape, as a view where possible.
  ///
  /// One length may be -1 and is worked out.
  public func reshaped(_ shape: [Int]) -> Tensor {
    withShape("reshaped", shape, ct_reshape)
  }

  /// The elements in another shape, as a view; the strides must allow it.
  public func view(_ shape: [Int]) -> Tensor {
    withShape("view", shape, ct_view)
  }

  /// The elements in the shape of another tensor, as a view; the strides must allow it.
  public func view(as other: Tensor) -> Tensor {
    view(other.shape)
  }

  /// A view that repeats axes of length one to the given lengths; -1 keeps a length.
  public func expanded(_ shape: [Int]) -> Tensor {
    withShape("expanded", shape, ct_expand)
  }

  /// Copies of the tensor laid side by side, `counts[i]` times along axis i.
  public func repeated(_ counts: [Int]) -> Tensor {
    withShape("repeated", counts, ct_repeat)
  }

  /// A view without the axis, which must have length one to be left out.
  public func squeezed(_ axis: Int) -> Tensor {
    unary("squeezed") { ct_squeeze($0, Int64(axis), $1) }
  }

  /// A view with a new axis of length one at `axis`.
  public func unsqueezed(_ axis: Int) -> Tensor {
    unary("unsqueezed") { ct_unsqueeze($0, Int64(axis), $1) }
  }

  /// The axes from `first` to `last` made into one.
  public func flattened(from first: Int = 0, to last: Int = -1) -> Tensor {
    unary("flattened") { ct_flatten($0, Int64(first), Int64(last), $1) }
  }

  func withShape(
    _ operation: StaticString, _ values: [Int],
    _ function: (ct_tensor, UnsafePointer<Int64>, Int64, Output) -> ct_status
  ) -> Tensor {
    unary(operation) { tensor, output in
      withIntegers(values) { function(tensor, $0, $1, output) }
    }
  }
}

// MARK: Order

extension Tensor {
  /// A view with two axes exchanged.
  public func transposed(_ first: Int = -2, _ second: Int = -1) -> Tensor {
    unary("transposed") { ct_transpose($0, Int64(first), Int64(second), $1) }
  }

  /// A view whose axis i is this tensor's axis `axes[i]`.
  public func permuted(_ axes: [Int]) -> Tensor {
    withShape("permuted", axes, ct_permute)
  }

  /// A copy with the order of the elements along `axes` reversed.
  public func flipped(_ axes: [Int]) -> Tensor {
    withShape("flipped", axes, ct_flip)
  }

  /// A copy with the elements along `axis` moved on by `shift`; those that leave return at the other end.
  public func rolled(by shift: Int, axis: Int) -> Tensor {
    unary("rolled") { ct_roll($0, Int64(shift), Int64(axis), $1) }
  }
}

// MARK: Parts

extension Tensor {
  /// A view of `length` positions along `axis`, from `start` on.
  public func narrowed(_ axis: Int, start: Int, length: Int) -> Tensor {
    unary("narrowed") { ct_narrow($0, Int64(axis), Int64(start), Int64(length), $1) }
  }

  /// A view of a range of positions along `axis`, every `step`-th of them.
  ///
  /// Ends beyond the axis are cut.
  public func sliced(_ axis: Int, _ range: Range<Int>, step: Int = 1) -> Tensor {
    unary("sliced") {
      ct_slice($0, Int64(axis), Int64(range.lowerBound), Int64(range.upperBound), Int64(step), $1)
    }
  }

  /// A view of one position along `axis`, which is left out of the shape.
  public func selected(_ axis: Int, _ index: Int) -> Tensor {
    unary("selected") { ct_select($0, Int64(axis), Int64(index), $1) }
  }

  /// A view of one position along the first axis.
  public subscript(index: Int) -> Tensor { selected(0, index) }

  /// A view of a range of positions along the first axis.
  public subscript(range: Range<Int>) -> Tensor { sliced(0, range) }

  /// A view of the elements whose indices along two axes differ by `offset`.
  public func diagonal(offset: Int = 0, _ first: Int = 0, _ second: Int = 1) -> Tensor {
    unary("diagonal") { ct_diagonal($0, Int64(offset), Int64(first), Int64(second), $1) }
  }

  /// A copy with the elements above a diagonal set to zero.
  public func lowerTriangle(diagonal: Int = 0) -> Tensor {
    unary("lowerTriangle") { ct_tril($0, Int64(diagonal), $1) }
  }

  /// A copy with the elements below a diagonal set to zero.
  public func upperTriangle(diagonal: Int = 0) -> Tensor {
    unary("upperTriangle") { ct_triu($0, Int64(diagonal), $1) }
  }

  /// At most `count` views of equal length along `axis`; the last may be shorter.
  public func chunks(_ count: Int, axis: Int = 0) -> [Tensor] {
    parts("chunks") { ct_chunk($0, Int64(count), Int64(axis), $1) }
  }

  /// Views of the given lengths along `axis`, which add up to its length.
  public func split(_ lengths: [Int], axis: Int = 0) -> [Tensor] {
    parts("split") { tensor, output in
      withIntegers(lengths) { ct_split(tensor, $0, $1, Int64(axis), output) }
    }
  }

  /// Views of each position along `axis`, which is left out of their shapes.
  public func unbound(axis: Int = 0) -> [Tensor] {
    parts("unbound") { ct_unbind($0, Int64(axis), $1) }
  }

  private func parts(
    _ operation: StaticString, _ function: (ct_tensor, UnsafeMutablePointer<ct_list?>) -> ct_status
  ) -> [Tensor] {
    trapping { () throws(TorchError) in
      try produceList(operation, from: [self]) { output in withHandle { function($0, output) } }
    }.compactMap { $0 }
  }
}

// MARK: Several tensors

extension Tensor {
  /// The tensors joined along an existing axis.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    joined("concatenated", tensors) { ct_cat($0, $1, Int64(axis), $2) }
  }

  /// Tensors of one shape joined along a new axis.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    joined("stacked", tensors) { ct_stack($0, $1, Int64(axis), $2) }
  }

  /// The sum of products over the axes `equation` names, in Einstein notation.
  ///
  /// `"ij,jk->ik"` is the matrix product.
  public static func einsum(_ equation: String, _ tensors: Tensor...) -> Tensor {
    joined("einsum", tensors) { ct_einsum(equation, $0, $1, $2) }
  }

  private static func joined(
    _ operation: StaticString, _ tensors: [Tensor],
    _ function: (UnsafePointer<ct_tensor?>, Int64, Output) -> ct_status
  ) -> Tensor {
    trapping { () throws(TorchError) in
      try produce(operation, from: tensors) { output in
        withHandles(of: tensors) { function($0, Int64($0.count), output) }
      }
    }
  }
}

extension Tensor {
  /// A view of a contiguous tensor's elements: where each lies is the offset plus its indices times the strides.
  ///
  /// All of them must lie within the tensor.
  func strided(_ sizes: [Int], strides: [Int], offset: Int) -> Tensor {
    unary("strided") { tensor, output in
      withIntegers(sizes) { sizes, rank in
        withIntegers(strides) { strides, _ in
          ct_as_strided(tensor, sizes, strides, rank, Int64(offset), output)
        }
      }
    }
  }
}
