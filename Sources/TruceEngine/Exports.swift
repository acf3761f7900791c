// Whoever adds a problem, a trunk or a method of their own also needs these rooms.
@_exported public import Torch
@_exported public import TorchNN
@_exported public import Truce
@_exported public import TruceData
@_exported public import TruceEnvironments
@_exported public import TruceModels
@_exported public import TruceOptions
@_exported public import TruceRun
@_exported public import TruceTasks
@_exported public import TruceTraining
