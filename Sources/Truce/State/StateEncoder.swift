/// A place that a value will be written to.
final class StateBox {
  private enum Content {
    case value(StateValue)
    case list([StateBox])
    case object([String: StateBox])
  }
  private var content = Content.value(.object([:]))

  init() {}
  init(_ value: StateValue) { content = .value(value) }

  var value: StateValue {
    switch content {
    case .value(let value): value
    case .list(let boxes): .list(boxes.map(\.value))
    case .object(let boxes): .object(boxes.mapValues(\.value))
    }
  }

  func set(_ value: StateValue) { content = .value(value) }

  /// Begins a list, unless there is one already.
  func makeList() {
    if case .list = content { return }
    content = .list([])
  }

  /// Begins an object, unless there is one already.
  func makeObject() {
    if case .object = content { return }
    content = .object([:])
  }

  var count: Int { if case .list(let boxes) = content { boxes.count } else { 0 } }

  /// A new place at the end of the list.
  func appended() -> StateBox {
    let box = StateBox()
    if case .list(let boxes) = content { content = .list(boxes + [box]) }
    return box
  }

  /// The place for a key of the object.
  func box(for key: String) -> StateBox {
    let box = StateBox()
    if case .object(var boxes) = content {
      boxes[key] = box
      content = .object(boxes)
    }
    return box
  }
}

/// Writes one value into its place.
struct StateEncoder: Encoder {
  let box: StateBox
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    box.makeObject()
    return KeyedEncodingContainer(KeyedStateWriter(box: box, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    box.makeList()
    return StateListWriter(box: box, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension StateEncoder: SingleValueEncodingContainer {
  func encodeNil() { box.set(.nothing) }
  func encode(_ value: Bool) { box.set(.bool(value)) }
  func encode(_ value: String) { box.set(.text(value)) }
  func encode(_ value: Double) { box.set(.double(value.bitPattern)) }
  func encode(_ value: Float) { box.set(.single(value.bitPattern)) }
  func encode(_ value: Int) { box.set(.signed(Int64(value))) }
  func encode(_ value: Int8) { box.set(.signed(Int64(value))) }
  func encode(_ value: Int16) { box.set(.signed(Int64(value))) }
  func encode(_ value: Int32) { box.set(.signed(Int64(value))) }
  func encode(_ value: Int64) { box.set(.signed(value)) }
  func encode(_ value: UInt) { box.set(.unsigned(UInt64(value))) }
  func encode(_ value: UInt8) { box.set(.unsigned(UInt64(value))) }
  func encode(_ value: UInt16) { box.set(.unsigned(UInt64(value))) }
  func encode(_ value: UInt32) { box.set(.unsigned(UInt64(value))) }
  func encode(_ value: UInt64) { box.set(.unsigned(value)) }
  func encode(_ value: some Encodable) throws { try value.encode(to: self) }
}

private struct KeyedStateWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let box: StateBox
  let codingPath: [any CodingKey]

  private func encoder(_ key: some CodingKey) -> StateEncoder {
    StateEncoder(box: box.box(for: key.stringValue), codingPath: codingPath + [key])
  }

  func encodeNil(forKey key: Key) { encoder(key).encodeNil() }
  func encode(_ value: some Encodable, forKey key: Key) throws { try encoder(key).encode(value) }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { encoder(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder(key).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { encoder(StateKey("super")) }
  func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }
}

private struct StateListWriter: UnkeyedEncodingContainer {
  let box: StateBox
  let codingPath: [any CodingKey]
  var count: Int { box.count }

  private func encoder() -> StateEncoder {
    let key = StateKey(index: count)
    return StateEncoder(box: box.appended(), codingPath: codingPath + [key])
  }

  func encodeNil() { encoder().encodeNil() }
  func encode(_ value: some Encodable) throws { try encoder().encode(value) }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    encoder().container(keyedBy: type)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
  func superEncoder() -> any Encoder { encoder() }
}

/// A key that is a name or a place in a list.
struct StateKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ name: String) { (stringValue, intValue) = (name, nil) }
  init(index: Int) { (stringValue, intValue) = ("\(index)", index) }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { self.init(index: intValue) }
}
