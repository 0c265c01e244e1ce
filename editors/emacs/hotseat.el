;;; hotseat.el --- Interview questions behind the Python you write  -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages, tools

;;; Commentary:

;; Tells eglot and lsp-mode, whichever is used, how to start the language server `hotseat lsp', and adds two commands:
;; `hotseat-open-question' and `hotseat-set-preset'.

;;; Code:

(require 'cl-lib)
(require 'url-parse)
(require 'url-util)

(defvar eglot-server-programs)
(declare-function eglot-current-server "eglot")
(declare-function eglot-execute-command "eglot")
(declare-function jsonrpc-request "jsonrpc")
(declare-function jsonrpc-async-request "jsonrpc")
(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-register-custom-settings "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")
(declare-function lsp-request "lsp-mode")
(declare-function lsp-request-async "lsp-mode")
(declare-function lsp-workspaces "lsp-mode")
(declare-function lsp-find-workspace "lsp-mode")
(declare-function lsp-notify "lsp-mode")
(declare-function jsonrpc-notify "jsonrpc")
(defvar lsp--cur-workspace)

(defgroup hotseat nil
  "Interview questions behind the Python you write."
  :group 'tools)

(defcustom hotseat-program "hotseat"
  "The program that is the server."
  :type 'string)

(defcustom hotseat-settings nil
  "Settings for the server, as a property list: (:preset \"quiet\" :maxHints 3).
They are named as in the README of hotseat."
  :type 'plist)

(defun hotseat--command (&optional _interactive)
  "The command line of the server."
  (list hotseat-program "lsp"))

;; eglot

;;;###autoload
(with-eval-after-load 'eglot
  (defclass hotseat-eglot-server (eglot-lsp-server) ()
    "The server, which may ask to show documents.")

  (cl-defmethod eglot-client-capabilities :around ((_server hotseat-eglot-server))
    "Announce that documents are shown: older versions of eglot do not."
    (let ((capabilities (cl-call-next-method)))
      (plist-put capabilities :window
                 (plist-put (copy-sequence (plist-get capabilities :window)) :showDocument '(:support t)))))

  (cl-defmethod eglot-handle-request ((_server hotseat-eglot-server) (_method (eql window/showDocument))
                                      &key uri external &allow-other-keys)
    "Show the document URI, in a browser if EXTERNAL."
    (let ((external (and external (not (eq external :json-false)))))
      ;; The server must not wait for what the user does about the buffer.
      (run-at-time 0 nil (if external #'browse-url #'hotseat--show) uri)
      '(:success t)))

  (cl-defmethod eglot-handle-request ((_server hotseat-eglot-server) (_method (eql workspace/configuration)) &key items)
    "Answer with the settings."
    (cl-map 'vector (lambda (item) (and (equal (plist-get item :section) "hotseat") hotseat-settings)) items))

  (cl-defmethod eglot-execute-command ((server hotseat-eglot-server) command arguments)
    "Let SERVER execute COMMAND with ARGUMENTS, and wait for no answer.
What the server asks right behind an answer that is waited for stays unread until it says something else."
    (jsonrpc-async-request server :workspace/executeCommand
                           (list :command (format "%s" command) :arguments arguments)
                           :success-fn #'ignore))

  (cl-defmethod eglot-initialization-options ((_server hotseat-eglot-server))
    "The settings."
    (or hotseat-settings (make-hash-table)))

  (add-to-list 'eglot-server-programs
               `((python-mode python-ts-mode) . ,(lambda (&rest _) (cons 'hotseat-eglot-server (hotseat--command))))))

(defun hotseat--show (uri)
  "Show the file with the address URI."
  (find-file-other-window (url-unhex-string (url-filename (url-generic-parse-url uri)))))

;; lsp-mode

;;;###autoload
(with-eval-after-load 'lsp-mode
  (lsp-register-custom-settings
   (mapcar (lambda (name)
             (list (concat "hotseat." name)
                   (lambda () (plist-get hotseat-settings (intern (concat ":" name))))))
           '("preset" "targetVersion" "maxHints" "deduplicateWithRuff" "interviewDate"
             "minutesPerDay" "newPerDay" "reviewsPerDay" "desiredRetention" "focusTopics")))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection #'hotseat--command)
                    :activation-fn (lsp-activate-on "python")
                    :initialization-options (lambda () (or hotseat-settings (make-hash-table)))
                    :server-id 'hotseat
                    ;; Beside the type checker and not instead of it.
                    :add-on? t
                    :priority -1)))

;; Commands

(defun hotseat--execute (command &rest arguments)
  "Let the server execute COMMAND with ARGUMENTS; return its answer."
  (let ((params (list :command command :arguments (vconcat arguments))))
    (cond ((and (fboundp 'eglot-current-server) (eglot-current-server))
           (jsonrpc-request (eglot-current-server) :workspace/executeCommand params))
          ((and (fboundp 'lsp-workspaces) (lsp-find-workspace 'hotseat nil))
           (let ((lsp--cur-workspace (lsp-find-workspace 'hotseat nil)))
             (lsp-request "workspace/executeCommand" params)))
          (t (user-error "No hotseat here: start eglot or lsp in a Python buffer")))))

(defun hotseat--field (question name)
  "What QUESTION has under NAME, however the client reads objects."
  (if (hash-table-p question) (gethash name question) (plist-get question (intern (concat ":" name)))))

;;;###autoload
(defun hotseat-open-question (id)
  "Open the question ID, which is read with completion."
  (interactive
   (let* ((questions (append (hotseat--execute "hotseat.questions") nil))
          (titles (mapcar (lambda (q) (cons (hotseat--field q "id") (hotseat--field q "title"))) questions))
          (completion-extra-properties
           (list :annotation-function (lambda (id) (concat "  " (cdr (assoc id titles)))))))
     (list (completing-read "Question: " titles nil t))))
  (let ((command "hotseat.openQuestion") (arguments (vector id)))
    (if (and (fboundp 'eglot-current-server) (eglot-current-server))
        (eglot-execute-command (eglot-current-server) command arguments)
      (let ((lsp--cur-workspace (lsp-find-workspace 'hotseat nil)))
        (lsp-request-async "workspace/executeCommand" (list :command command :arguments arguments) #'ignore)))))

;;;###autoload
(defun hotseat-set-preset (preset)
  "Show as much as PRESET says: learn, quiet or off."
  (interactive (list (completing-read "How much: " '("learn" "quiet" "off") nil t)))
  (setq hotseat-settings (plist-put hotseat-settings :preset preset))
  (let ((params (list :settings (list :hotseat hotseat-settings))))
    (cond ((and (fboundp 'eglot-current-server) (eglot-current-server))
           (jsonrpc-notify (eglot-current-server) :workspace/didChangeConfiguration params))
          ((and (fboundp 'lsp-workspaces) (lsp-find-workspace 'hotseat nil))
           (let ((lsp--cur-workspace (lsp-find-workspace 'hotseat nil)))
             (lsp-notify "workspace/didChangeConfiguration" params))))))

(provide 'hotseat)
;;; hotseat.el ends here
