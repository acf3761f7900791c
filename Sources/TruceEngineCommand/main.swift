import TruceEngineCLI
import TruceShell

Launcher.begin(waitingLittle: true)
await Launcher.runAndExit(EngineProgram.self, executing: EngineProgram.execute)
