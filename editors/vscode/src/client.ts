/** The one client: starts, stops and restarts the server for everything in the window. */
import * as vscode from 'vscode';
import { LanguageClient, RevealOutputChannelOn, State } from 'vscode-languageclient/node';
import type {
  ClientCapabilities,
  FeatureState,
  LanguageClientOptions,
  Middleware,
  ServerOptions,
  StaticFeature,
} from 'vscode-languageclient/node';

import { showPage, trustPageLinks } from './pages';
import { NoServer, findServer, programName } from './server';

export type ClientState = 'stopped' | 'starting' | 'running' | 'failed';

/** The practice sheets. */
const SHEETS = '**/.hotseat/practice.md';

/** How much there is to practise, as the server says when it changes. */
export interface PracticeStatus {
  readonly due: number;
  readonly new: number;
}

/** The part of the settings that is about this extension and not for the server. */
const OWN_SETTINGS = new Set(['server', 'trace', 'openPagesAs']);

export class HotseatClient implements vscode.Disposable {
  readonly #output: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<ClientState>();
  readonly #context: vscode.ExtensionContext;
  #trace: vscode.OutputChannel | undefined;
  #client: LanguageClient | undefined;
  #state: ClientState = 'stopped';
  #problem: string | undefined;
  #status: PracticeStatus | undefined;
  /** Starts and stops wait for each other. */
  #turn: Promise<void> = Promise.resolve();

  readonly onDidChangeState = this.#changed.event;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    this.#output = vscode.window.createOutputChannel('hotseat', { log: true });
  }

  get state(): ClientState {
    return this.#state;
  }

  /** How much there is to practise; undefined for those who never have. */
  get status(): PracticeStatus | undefined {
    return this.#state === 'running' ? this.#status : undefined;
  }

  /** Why the server does not run. */
  get problem(): string | undefined {
    return this.#problem;
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  restart(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  showLog(): void {
    this.#output.show();
  }

  /** Asks the server; undefined if it does not run. */
  async command<T>(name: string, ...args: unknown[]): Promise<T | undefined> {
    if (this.#state === 'starting') {
      await this.#turn;
    }
    const client = this.#client;
    if (this.#state !== 'running' || !client) {
      return undefined;
    }
    return await client.sendRequest<T>('workspace/executeCommand', { command: name, arguments: args });
  }

  dispose(): void {
    this.#changed.dispose();
    this.#output.dispose();
    this.#trace?.dispose();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work, work);
    return this.#turn;
  }

  async #start(): Promise<void> {
    if (this.#client) {
      return;
    }
    this.#become('starting');
    try {
      const server = await findServer({
        setting: vscode.workspace.getConfiguration('hotseat').get<string | null>('server.path') ?? undefined,
        environment: process.env,
        bundled: this.#context.asAbsolutePath(`bin/${programName(process.platform)}`),
        platform: process.platform,
      });
      const log = vscode.Uri.joinPath(this.#context.logUri, 'server.log').fsPath;
      await vscode.workspace.fs.createDirectory(this.#context.logUri);
      this.#output.info(`hotseat ${server.version}, ${server.path}, named by ${server.source}; its own log is ${log}`);
      const client = this.#create({ command: server.path, args: ['lsp', '--log', log] });
      this.#client = client;
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) {
          this.#become('running');
        } else if (newState === State.Stopped && this.#client === client && this.#state === 'running') {
          this.#fail('The server has ended.');
        }
      });
      await client.start();
    } catch (error) {
      await this.#stop();
      const message = error instanceof Error ? error.message : String(error);
      this.#fail(message);
      this.#tell(error instanceof NoServer ? message : `The server does not start: ${message}`);
    }
  }

  #create(run: ServerOptions): LanguageClient {
    this.#trace ??= vscode.window.createOutputChannel('hotseat trace');
    const options: LanguageClientOptions = {
      documentSelector: [
        { language: 'python', scheme: 'file' },
        { language: 'python', scheme: 'untitled' },
        { language: 'python', scheme: 'vscode-notebook-cell' },
        { language: 'markdown', scheme: 'file', pattern: SHEETS },
      ],
      outputChannel: this.#output,
      traceOutputChannel: this.#trace,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: serverSettings(),
      middleware: this.#middleware(),
      // The links of hovers open questions, and run nothing else.
      markdown: { isTrusted: { enabledCommands: ['hotseat.openQuestion'] } },
    };
    const client = new LanguageClient('hotseat', 'hotseat', run, options);
    client.registerFeature(new PushedDiagnostics());
    client.registerFeature(new StatusWanted());
    client.onNotification('hotseat/status', (status: PracticeStatus) => {
      this.#status = status;
      this.#changed.fire(this.#state);
    });
    return client;
  }

  #middleware(): Middleware {
    return {
      workspace: {
        configuration: async (params, token, next) => {
          const values = await next(params, token);
          return Array.isArray(values)
            ? values.map((value, i) => (params.items[i]?.section === 'hotseat' ? forServer(value) : (value as unknown)))
            : values;
        },
      },
      window: {
        showDocument: async (params, next) => {
          const { uri, external, selection } = params;
          const isSheet = uri.endsWith('/.hotseat/practice.md');
          const isPage = external !== true && selection === undefined && uri.endsWith('.md') && !isSheet;
          if (isPage && (await showPage(vscode.Uri.parse(uri)))) {
            return { success: true };
          }
          const answer = await next(params, new vscode.CancellationTokenSource().token);
          return 'success' in answer ? answer : { success: false };
        },
      },
      provideHover: async (document, position, token, next) => {
        const hover = await next(document, position, token);
        hover?.contents.forEach((content) => trustPageLinks(content));
        return hover;
      },
    };
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client && client.state !== State.Stopped) {
      try {
        await client.stop();
      } catch (error) {
        this.#output.warn(`The server does not stop: ${String(error)}`);
      }
    }
    await client?.dispose().catch(() => undefined);
    this.#become('stopped');
  }

  #become(state: ClientState, problem?: string): void {
    this.#state = state;
    this.#problem = problem;
    void vscode.commands.executeCommand('setContext', 'hotseat.state', state);
    this.#changed.fire(state);
  }

  #fail(problem: string): void {
    this.#output.error(problem);
    this.#become('failed', problem);
  }

  #tell(message: string): void {
    const settings = 'Open Settings';
    const log = 'Show Log';
    void vscode.window.showErrorMessage(`hotseat: ${message}`, settings, log).then((choice) => {
      if (choice === settings) {
        void vscode.commands.executeCommand('workbench.action.openSettings', 'hotseat.server.path');
      } else if (choice === log) {
        this.showLog();
      }
    });
  }
}

/**
 * Lets the server push diagnostics: the client's library would ask for none in the cells of notebooks, and would drop
 * answers for as long as keys are pressed.
 */
class PushedDiagnostics implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    delete capabilities.textDocument?.diagnostic;
  }

  initialize(): void {}

  getState(): FeatureState {
    return { kind: 'static' };
  }

  clear(): void {}
}

/** Asks the server to tell how much there is to practise. */
class StatusWanted implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const experimental: unknown = capabilities.experimental;
    capabilities.experimental = { ...(typeof experimental === 'object' ? experimental : {}), hotseatStatus: true };
  }

  initialize(): void {}

  getState(): FeatureState {
    return { kind: 'static' };
  }

  clear(): void {}
}

/** The settings that the server knows. */
function serverSettings(): unknown {
  return forServer(vscode.workspace.getConfiguration('hotseat'));
}

function forServer(settings: unknown): unknown {
  if (typeof settings !== 'object' || settings === null) {
    return settings;
  }
  const entries: [string, unknown][] = Object.entries(settings);
  return Object.fromEntries(
    entries.filter(([key, value]) => !OWN_SETTINGS.has(key) && typeof value !== 'function' && value !== null),
  );
}
