{{- define "epp" -}}
{{ printf "%s-epp" (.Release.Name | lower | trunc 40) }}
{{- end -}}
{{- define "labels" -}}
app.kubernetes.io/name: {{ include "epp" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end -}}
