import TruceEngineCLI
import TruceShell

Launcher.begin(loadsEngine: true)
await Launcher.runAndExit(EngineProgram.self, executing: EngineProgram.execute)
