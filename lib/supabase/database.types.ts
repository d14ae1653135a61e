// Generated from supabase/migrations by npm run types.
export type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]

export type Database = {
  public: {
    Tables: {
      alerts: {
        Row: {
          claimed_until: string | null
          cleared_at: string | null
          detail: string | null
          kind: string
          since: string
          told_at: string | null
        }
        Insert: {
          claimed_until?: string | null
          cleared_at?: string | null
          detail?: string | null
          kind: string
          since: string
          told_at?: string | null
        }
        Update: {
          claimed_until?: string | null
          cleared_at?: string | null
          detail?: string | null
          kind?: string
          since?: string
          told_at?: string | null
        }
        Relationships: []
      }
      bill_supplies: {
        Row: {
          address: string | null
          annual_from: string | null
          annual_kwh: number | null
          annual_to: string | null
          bill_id: number
          evidence: NonNullable<Json>
          holder: string | null
          holder_hash: string | null
          id: number
          invoice_number: string | null
          issued_on: string | null
          kwh: number | null
          kwh_f1: number | null
          kwh_f2: number | null
          kwh_f3: number | null
          measured: boolean | null
          months: NonNullable<Json>
          period_from: string | null
          period_to: string | null
          pod: string | null
          power_kw: number | null
          replaces_from: string | null
          replaces_to: string | null
          supplier: string | null
          use: string | null
          voltage: string | null
        }
        Insert: {
          address?: string | null
          annual_from?: string | null
          annual_kwh?: number | null
          annual_to?: string | null
          bill_id: number
          evidence?: NonNullable<Json>
          holder?: string | null
          holder_hash?: string | null
          id?: never
          invoice_number?: string | null
          issued_on?: string | null
          kwh?: number | null
          kwh_f1?: number | null
          kwh_f2?: number | null
          kwh_f3?: number | null
          measured?: boolean | null
          months?: NonNullable<Json>
          period_from?: string | null
          period_to?: string | null
          pod?: string | null
          power_kw?: number | null
          replaces_from?: string | null
          replaces_to?: string | null
          supplier?: string | null
          use?: string | null
          voltage?: string | null
        }
        Update: {
          address?: string | null
          annual_from?: string | null
          annual_kwh?: number | null
          annual_to?: string | null
          bill_id?: number
          evidence?: NonNullable<Json>
          holder?: string | null
          holder_hash?: string | null
          id?: never
          invoice_number?: string | null
          issued_on?: string | null
          kwh?: number | null
          kwh_f1?: number | null
          kwh_f2?: number | null
          kwh_f3?: number | null
          measured?: boolean | null
          months?: NonNullable<Json>
          period_from?: string | null
          period_to?: string | null
          pod?: string | null
          power_kw?: number | null
          replaces_from?: string | null
          replaces_to?: string | null
          supplier?: string | null
          use?: string | null
          voltage?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "bill_supplies_bill_id_fkey"
            columns: ["bill_id"]
            isOneToOne: false
            referencedRelation: "bills"
            referencedColumns: ["id"]
          },
        ]
      }
      bills: {
        Row: {
          attempts: number
          backlog: boolean
          confirmed_at: string | null
          confirmed_by: string | null
          created_at: string
          due_at: string | null
          duplicate_of: number | null
          id: number
          kind: string | null
          lease_token: string | null
          message_id: number
          page_of: number | null
          reader_version: number | null
          reason: string | null
          state: string
        }
        Insert: {
          attempts?: number
          backlog?: boolean
          confirmed_at?: string | null
          confirmed_by?: string | null
          created_at?: string
          due_at?: string | null
          duplicate_of?: number | null
          id?: never
          kind?: string | null
          lease_token?: string | null
          message_id: number
          page_of?: number | null
          reader_version?: number | null
          reason?: string | null
          state?: string
        }
        Update: {
          attempts?: number
          backlog?: boolean
          confirmed_at?: string | null
          confirmed_by?: string | null
          created_at?: string
          due_at?: string | null
          duplicate_of?: number | null
          id?: never
          kind?: string | null
          lease_token?: string | null
          message_id?: number
          page_of?: number | null
          reader_version?: number | null
          reason?: string | null
          state?: string
        }
        Relationships: [
          {
            foreignKeyName: "bills_duplicate_of_fkey"
            columns: ["duplicate_of"]
            isOneToOne: false
            referencedRelation: "bills"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "bills_message_id_fkey"
            columns: ["message_id"]
            isOneToOne: false
            referencedRelation: "whatsapp_messages"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "bills_page_of_fkey"
            columns: ["page_of"]
            isOneToOne: false
            referencedRelation: "bills"
            referencedColumns: ["id"]
          },
        ]
      }
      case_pods: {
        Row: {
          at: string
          by: string
          change: string | null
          conversation_id: number
          merged_into: string | null
          pod: string
          supply_from: string | null
          supply_to: string | null
        }
        Insert: {
          at?: string
          by: string
          change?: string | null
          conversation_id: number
          merged_into?: string | null
          pod: string
          supply_from?: string | null
          supply_to?: string | null
        }
        Update: {
          at?: string
          by?: string
          change?: string | null
          conversation_id?: number
          merged_into?: string | null
          pod?: string
          supply_from?: string | null
          supply_to?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "case_pods_conversation_id_fkey"
            columns: ["conversation_id"]
            isOneToOne: false
            referencedRelation: "conversations"
            referencedColumns: ["id"]
          },
        ]
      }
      cloudtalk_calls: {
        Row: {
          agent_id: string | null
          agent_name: string | null
          annual_consumption_kwh: number | null
          ateco_code: string | null
          ateco_eligible: boolean | null
          call_end_time: string | null
          call_id: string | null
          call_outcome: string | null
          call_result: string | null
          call_start_time: string | null
          call_uuid: string | null
          cdr_id: string | null
          company_name: string | null
          contact_id: string | null
          contact_name: string | null
          conversation_id: number | null
          created_at: string
          customer_name: string | null
          direction: string | null
          duplicate_of: number | null
          duration: number | null
          electricity_bill_received: boolean
          electricity_bill_received_at: string | null
          erased_hash: string | null
          event_type: string | null
          id: number
          interest_confirmed: boolean | null
          phone_number: string | null
          phone_number_from: string | null
          phone_number_raw: string | null
          raw_data: Json | null
          reason: string | null
          recording_url: string | null
          should_send: boolean | null
          should_send_reason: string
          stated_bill_received: boolean | null
          stated_should_send: boolean | null
          status: string | null
          talked: boolean | null
          talking_time: number | null
          transcript: string | null
          updated_at: string
          webhook_request_id: number | null
        }
        Insert: {
          agent_id?: string | null
          agent_name?: string | null
          annual_consumption_kwh?: number | null
          ateco_code?: string | null
          ateco_eligible?: boolean | null
          call_end_time?: string | null
          call_id?: string | null
          call_outcome?: string | null
          call_result?: string | null
          call_start_time?: string | null
          call_uuid?: string | null
          cdr_id?: string | null
          company_name?: string | null
          contact_id?: string | null
          contact_name?: string | null
          conversation_id?: number | null
          created_at?: string
          customer_name?: string | null
          direction?: string | null
          duplicate_of?: number | null
          duration?: number | null
          electricity_bill_received?: boolean
          electricity_bill_received_at?: string | null
          erased_hash?: string | null
          event_type?: string | null
          id?: number
          interest_confirmed?: boolean | null
          phone_number?: string | null
          phone_number_from?: string | null
          phone_number_raw?: string | null
          raw_data?: Json | null
          reason?: string | null
          recording_url?: string | null
          should_send?: boolean | null
          should_send_reason: string
          stated_bill_received?: boolean | null
          stated_should_send?: boolean | null
          status?: string | null
          talked?: boolean | null
          talking_time?: number | null
          transcript?: string | null
          updated_at?: string
          webhook_request_id?: number | null
        }
        Update: {
          agent_id?: string | null
          agent_name?: string | null
          annual_consumption_kwh?: number | null
          ateco_code?: string | null
          ateco_eligible?: boolean | null
          call_end_time?: string | null
          call_id?: string | null
          call_outcome?: string | null
          call_result?: string | null
          call_start_time?: string | null
          call_uuid?: string | null
          cdr_id?: string | null
          company_name?: string | null
          contact_id?: string | null
          contact_name?: string | null
          conversation_id?: number | null
          created_at?: string
          customer_name?: string | null
          direction?: string | null
          duplicate_of?: number | null
          duration?: number | null
          electricity_bill_received?: boolean
          electricity_bill_received_at?: string | null
          erased_hash?: string | null
          event_type?: string | null
          id?: number
          interest_confirmed?: boolean | null
          phone_number?: string | null
          phone_number_from?: string | null
          phone_number_raw?: string | null
          raw_data?: Json | null
          reason?: string | null
          recording_url?: string | null
          should_send?: boolean | null
          should_send_reason?: string
          stated_bill_received?: boolean | null
          stated_should_send?: boolean | null
          status?: string | null
          talked?: boolean | null
          talking_time?: number | null
          transcript?: string | null
          updated_at?: string
          webhook_request_id?: number | null
        }
        Relationships: [
          {
            foreignKeyName: "cloudtalk_calls_conversation_id_fkey"
            columns: ["conversation_id"]
            isOneToOne: false
            referencedRelation: "conversations"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "cloudtalk_calls_duplicate_of_fkey"
            columns: ["duplicate_of"]
            isOneToOne: false
            referencedRelation: "cloudtalk_calls"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "cloudtalk_calls_webhook_request_id_fkey"
            columns: ["webhook_request_id"]
            isOneToOne: false
            referencedRelation: "webhook_requests"
            referencedColumns: ["id"]
          },
        ]
      }
      conversation_numbers: {
        Row: {
          address: string
          checked_at: string | null
          conversation_id: number
          created_at: string
          known_by: string
          on_whatsapp: boolean | null
          written_at: string | null
        }
        Insert: {
          address: string
          checked_at?: string | null
          conversation_id: number
          created_at?: string
          known_by: string
          on_whatsapp?: boolean | null
          written_at?: string | null
        }
        Update: {
          address?: string
          checked_at?: string | null
          conversation_id?: number
          created_at?: string
          known_by?: string
          on_whatsapp?: boolean | null
          written_at?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "conversation_numbers_conversation_id_fkey"
            columns: ["conversation_id"]
            isOneToOne: false
            referencedRelation: "conversations"
            referencedColumns: ["id"]
          },
        ]
      }
      conversations: {
        Row: {
          bill_at: string | null
          bill_by: string | null
          case_covered: number
          case_history: boolean
          case_missing: NonNullable<Json>
          case_of: number | null
          case_state: string
          case_to_check: boolean
          case_xid: unknown
          case_year: number | null
          case_year_by: string | null
          changed_xid: unknown
          declared_at: string | null
          declared_by: string | null
          declared_reason: string | null
          id: number
          last_at: string
          last_message_id: number | null
          merged_into: number | null
          name: string | null
          objected_at: string | null
          objected_by: string | null
          objection_asked_at: string | null
          objection_reason: string | null
          refreshed_xid: unknown
          reminder_at: string | null
          reminders_paused_until: string | null
          seen_message_id: number
          state: string
          unread: number
          updated_at: string
        }
        Insert: {
          bill_at?: string | null
          bill_by?: string | null
          case_covered?: number
          case_history?: boolean
          case_missing?: NonNullable<Json>
          case_of?: number | null
          case_state?: string
          case_to_check?: boolean
          case_xid?: unknown
          case_year?: number | null
          case_year_by?: string | null
          changed_xid?: unknown
          declared_at?: string | null
          declared_by?: string | null
          declared_reason?: string | null
          id?: never
          last_at?: string
          last_message_id?: number | null
          merged_into?: number | null
          name?: string | null
          objected_at?: string | null
          objected_by?: string | null
          objection_asked_at?: string | null
          objection_reason?: string | null
          refreshed_xid?: unknown
          reminder_at?: string | null
          reminders_paused_until?: string | null
          seen_message_id?: number
          state?: string
          unread?: number
          updated_at?: string
        }
        Update: {
          bill_at?: string | null
          bill_by?: string | null
          case_covered?: number
          case_history?: boolean
          case_missing?: NonNullable<Json>
          case_of?: number | null
          case_state?: string
          case_to_check?: boolean
          case_xid?: unknown
          case_year?: number | null
          case_year_by?: string | null
          changed_xid?: unknown
          declared_at?: string | null
          declared_by?: string | null
          declared_reason?: string | null
          id?: never
          last_at?: string
          last_message_id?: number | null
          merged_into?: number | null
          name?: string | null
          objected_at?: string | null
          objected_by?: string | null
          objection_asked_at?: string | null
          objection_reason?: string | null
          refreshed_xid?: unknown
          reminder_at?: string | null
          reminders_paused_until?: string | null
          seen_message_id?: number
          state?: string
          unread?: number
          updated_at?: string
        }
        Relationships: [
          {
            foreignKeyName: "conversations_last_message_id_fkey"
            columns: ["last_message_id"]
            isOneToOne: false
            referencedRelation: "whatsapp_messages"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "conversations_merged_into_fkey"
            columns: ["merged_into"]
            isOneToOne: false
            referencedRelation: "conversations"
            referencedColumns: ["id"]
          },
        ]
      }
      objections: {
        Row: {
          addresses: string[]
          at: string
          by: string
          conversation_id: number
          id: number
          lifted_at: string | null
          lifted_by: string | null
          lifted_reason: string | null
          message_id: number | null
          reason: string | null
        }
        Insert: {
          addresses: string[]
          at?: string
          by: string
          conversation_id: number
          id?: never
          lifted_at?: string | null
          lifted_by?: string | null
          lifted_reason?: string | null
          message_id?: number | null
          reason?: string | null
        }
        Update: {
          addresses?: string[]
          at?: string
          by?: string
          conversation_id?: number
          id?: never
          lifted_at?: string | null
          lifted_by?: string | null
          lifted_reason?: string | null
          message_id?: number | null
          reason?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "objections_conversation_id_fkey"
            columns: ["conversation_id"]
            isOneToOne: false
            referencedRelation: "conversations"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "objections_message_id_fkey"
            columns: ["message_id"]
            isOneToOne: false
            referencedRelation: "whatsapp_messages"
            referencedColumns: ["id"]
          },
        ]
      }
      reminder_texts: {
        Row: {
          at: string
          by: string
          step: number
          text: string
        }
        Insert: {
          at?: string
          by: string
          step: number
          text: string
        }
        Update: {
          at?: string
          by?: string
          step?: number
          text?: string
        }
        Relationships: []
      }
      reminders: {
        Row: {
          ask_id: number
          conversation_id: number
          created_at: string
          id: number
          message_id: number
          step: number
        }
        Insert: {
          ask_id: number
          conversation_id: number
          created_at?: string
          id?: never
          message_id: number
          step: number
        }
        Update: {
          ask_id?: number
          conversation_id?: number
          created_at?: string
          id?: never
          message_id?: number
          step?: number
        }
        Relationships: [
          {
            foreignKeyName: "reminders_ask_id_fkey"
            columns: ["ask_id"]
            isOneToOne: false
            referencedRelation: "whatsapp_messages"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "reminders_conversation_id_fkey"
            columns: ["conversation_id"]
            isOneToOne: false
            referencedRelation: "conversations"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "reminders_message_id_fkey"
            columns: ["message_id"]
            isOneToOne: false
            referencedRelation: "whatsapp_messages"
            referencedColumns: ["id"]
          },
        ]
      }
      staff: {
        Row: {
          added_at: string
          name: string
          user_id: string
        }
        Insert: {
          added_at?: string
          name: string
          user_id: string
        }
        Update: {
          added_at?: string
          name?: string
          user_id?: string
        }
        Relationships: []
      }
      staff_actions: {
        Row: {
          action: string
          at: string
          conversation_id: number | null
          from_status: string | null
          id: number
          message_id: number | null
          reason: string | null
          to_status: string | null
          who: string
        }
        Insert: {
          action: string
          at?: string
          conversation_id?: number | null
          from_status?: string | null
          id?: never
          message_id?: number | null
          reason?: string | null
          to_status?: string | null
          who: string
        }
        Update: {
          action?: string
          at?: string
          conversation_id?: number | null
          from_status?: string | null
          id?: never
          message_id?: number | null
          reason?: string | null
          to_status?: string | null
          who?: string
        }
        Relationships: [
          {
            foreignKeyName: "staff_actions_conversation_id_fkey"
            columns: ["conversation_id"]
            isOneToOne: false
            referencedRelation: "conversations"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "staff_actions_message_id_fkey"
            columns: ["message_id"]
            isOneToOne: false
            referencedRelation: "whatsapp_messages"
            referencedColumns: ["id"]
          },
        ]
      }
      todo_done: {
        Row: {
          at: string
          by: string
          conversation_id: number
          todo: string
        }
        Insert: {
          at?: string
          by: string
          conversation_id: number
          todo: string
        }
        Update: {
          at?: string
          by?: string
          conversation_id?: number
          todo?: string
        }
        Relationships: [
          {
            foreignKeyName: "todo_done_conversation_id_fkey"
            columns: ["conversation_id"]
            isOneToOne: false
            referencedRelation: "conversations"
            referencedColumns: ["id"]
          },
        ]
      }
      webhook_requests: {
        Row: {
          body: Json | null
          created_at: string | null
          emptied_at: string | null
          event_type: string | null
          headers: Json | null
          id: number
          ip_address: string | null
          method: string
          outcome: string
          outcome_detail: string | null
          path: string
          query: Json | null
          raw_body: string | null
          source: string
          timestamp: string
          url: string
          user_agent: string | null
        }
        Insert: {
          body?: Json | null
          created_at?: string | null
          emptied_at?: string | null
          event_type?: string | null
          headers?: Json | null
          id?: number
          ip_address?: string | null
          method?: string
          outcome: string
          outcome_detail?: string | null
          path?: string
          query?: Json | null
          raw_body?: string | null
          source: string
          timestamp?: string
          url?: string
          user_agent?: string | null
        }
        Update: {
          body?: Json | null
          created_at?: string | null
          emptied_at?: string | null
          event_type?: string | null
          headers?: Json | null
          id?: number
          ip_address?: string | null
          method?: string
          outcome?: string
          outcome_detail?: string | null
          path?: string
          query?: Json | null
          raw_body?: string | null
          source?: string
          timestamp?: string
          url?: string
          user_agent?: string | null
        }
        Relationships: []
      }
      whatsapp_attempts: {
        Row: {
          claimed_at: string
          code: string | null
          detail: string | null
          ended_at: string | null
          http_status: number | null
          id: number
          lease_token: string
          message_id: number
          outcome: string | null
          started_at: string | null
          withdrawn: boolean
        }
        Insert: {
          claimed_at?: string
          code?: string | null
          detail?: string | null
          ended_at?: string | null
          http_status?: number | null
          id?: never
          lease_token: string
          message_id: number
          outcome?: string | null
          started_at?: string | null
          withdrawn?: boolean
        }
        Update: {
          claimed_at?: string
          code?: string | null
          detail?: string | null
          ended_at?: string | null
          http_status?: number | null
          id?: never
          lease_token?: string
          message_id?: number
          outcome?: string | null
          started_at?: string | null
          withdrawn?: boolean
        }
        Relationships: [
          {
            foreignKeyName: "whatsapp_attempts_message_id_fkey"
            columns: ["message_id"]
            isOneToOne: false
            referencedRelation: "whatsapp_messages"
            referencedColumns: ["id"]
          },
        ]
      }
      whatsapp_lids: {
        Row: {
          ask_again_at: string
          attempts: number
          lid: string
          phone_number: string | null
          updated_at: string
        }
        Insert: {
          ask_again_at?: string
          attempts?: number
          lid: string
          phone_number?: string | null
          updated_at?: string
        }
        Update: {
          ask_again_at?: string
          attempts?: number
          lid?: string
          phone_number?: string | null
          updated_at?: string
        }
        Relationships: []
      }
      whatsapp_messages: {
        Row: {
          attempts: number
          author: string | null
          call_id: number | null
          cancelled_by: string | null
          changed_xid: unknown
          client_id: string | null
          contact_name: string | null
          conversation_id: number
          created_at: string
          delivered_at: string | null
          direction: string
          due_at: string | null
          error: string | null
          error_code: string | null
          first_contact: boolean
          free_until: string | null
          id: number
          in_hours: boolean
          info_at: string | null
          info_attempts: number
          is_bill: boolean
          kind: string
          label: string | null
          label_by: string | null
          label_date: string | null
          lease_token: string | null
          lease_until: string | null
          lid: string | null
          media: Json | null
          media_attempts: number
          media_due_at: string | null
          media_error: string | null
          media_lease_token: string | null
          media_mime_type: string | null
          media_pages: number | null
          media_path: string | null
          media_sha256: string | null
          media_size: number | null
          media_state: string | null
          media_thumb_path: string | null
          message_at: string | null
          phone_number: string | null
          priority: number
          queued_at: string | null
          quoted_whatsapp_id: string | null
          read_at: string | null
          sent_at: string | null
          status: string
          text: string | null
          type: string
          updated_at: string
          wasender_id: string | null
          webhook_request_id: number | null
          whatsapp_id: string | null
        }
        Insert: {
          attempts?: number
          author?: string | null
          call_id?: number | null
          cancelled_by?: string | null
          changed_xid?: unknown
          client_id?: string | null
          contact_name?: string | null
          conversation_id: number
          created_at?: string
          delivered_at?: string | null
          direction: string
          due_at?: string | null
          error?: string | null
          error_code?: string | null
          first_contact?: boolean
          free_until?: string | null
          id?: never
          in_hours?: boolean
          info_at?: string | null
          info_attempts?: number
          is_bill?: never
          kind: string
          label?: string | null
          label_by?: string | null
          label_date?: string | null
          lease_token?: string | null
          lease_until?: string | null
          lid?: string | null
          media?: Json | null
          media_attempts?: number
          media_due_at?: string | null
          media_error?: string | null
          media_lease_token?: string | null
          media_mime_type?: string | null
          media_pages?: number | null
          media_path?: string | null
          media_sha256?: string | null
          media_size?: number | null
          media_state?: string | null
          media_thumb_path?: string | null
          message_at?: string | null
          phone_number?: string | null
          priority?: number
          queued_at?: string | null
          quoted_whatsapp_id?: string | null
          read_at?: string | null
          sent_at?: string | null
          status: string
          text?: string | null
          type?: string
          updated_at?: string
          wasender_id?: string | null
          webhook_request_id?: number | null
          whatsapp_id?: string | null
        }
        Update: {
          attempts?: number
          author?: string | null
          call_id?: number | null
          cancelled_by?: string | null
          changed_xid?: unknown
          client_id?: string | null
          contact_name?: string | null
          conversation_id?: number
          created_at?: string
          delivered_at?: string | null
          direction?: string
          due_at?: string | null
          error?: string | null
          error_code?: string | null
          first_contact?: boolean
          free_until?: string | null
          id?: never
          in_hours?: boolean
          info_at?: string | null
          info_attempts?: number
          is_bill?: never
          kind?: string
          label?: string | null
          label_by?: string | null
          label_date?: string | null
          lease_token?: string | null
          lease_until?: string | null
          lid?: string | null
          media?: Json | null
          media_attempts?: number
          media_due_at?: string | null
          media_error?: string | null
          media_lease_token?: string | null
          media_mime_type?: string | null
          media_pages?: number | null
          media_path?: string | null
          media_sha256?: string | null
          media_size?: number | null
          media_state?: string | null
          media_thumb_path?: string | null
          message_at?: string | null
          phone_number?: string | null
          priority?: number
          queued_at?: string | null
          quoted_whatsapp_id?: string | null
          read_at?: string | null
          sent_at?: string | null
          status?: string
          text?: string | null
          type?: string
          updated_at?: string
          wasender_id?: string | null
          webhook_request_id?: number | null
          whatsapp_id?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "whatsapp_messages_call_id_fkey"
            columns: ["call_id"]
            isOneToOne: false
            referencedRelation: "cloudtalk_calls"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "whatsapp_messages_conversation_id_fkey"
            columns: ["conversation_id"]
            isOneToOne: false
            referencedRelation: "conversations"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "whatsapp_messages_webhook_request_id_fkey"
            columns: ["webhook_request_id"]
            isOneToOne: false
            referencedRelation: "webhook_requests"
            referencedColumns: ["id"]
          },
        ]
      }
      whatsapp_receipts: {
        Row: {
          code: string | null
          error: string | null
          received_at: string
          status: string
          wasender_id: string | null
          whatsapp_id: string
        }
        Insert: {
          code?: string | null
          error?: string | null
          received_at?: string
          status: string
          wasender_id?: string | null
          whatsapp_id: string
        }
        Update: {
          code?: string | null
          error?: string | null
          received_at?: string
          status?: string
          wasender_id?: string | null
          whatsapp_id?: string
        }
        Relationships: []
      }
      whatsapp_sender: {
        Row: {
          guarded_from: string
          heard_at: string | null
          id: boolean
          log_due_at: string
          log_error: string | null
          log_ok_at: string | null
          next_send_at: string
          paused_at: string | null
          paused_code: string | null
          paused_fingerprint: string | null
          paused_message: string | null
          paused_reason: string | null
          probe_at: string | null
          probes: number
          rang_at: string | null
          reconcile_due_at: string | null
          reconcile_error: string | null
          reconcile_started_at: string | null
          reconciled_at: string | null
          restricted_at: string | null
          restricted_until: string | null
          resumed_at: string | null
          session_at: string | null
          session_status: string | null
          slot_token: string | null
          sweep_at: string | null
          trial_at: string | null
          trial_conversation_id: number | null
          trial_message_id: number | null
          trials: number
        }
        Insert: {
          guarded_from?: string
          heard_at?: string | null
          id?: boolean
          log_due_at?: string
          log_error?: string | null
          log_ok_at?: string | null
          next_send_at?: string
          paused_at?: string | null
          paused_code?: string | null
          paused_fingerprint?: string | null
          paused_message?: string | null
          paused_reason?: string | null
          probe_at?: string | null
          probes?: number
          rang_at?: string | null
          reconcile_due_at?: string | null
          reconcile_error?: string | null
          reconcile_started_at?: string | null
          reconciled_at?: string | null
          restricted_at?: string | null
          restricted_until?: string | null
          resumed_at?: string | null
          session_at?: string | null
          session_status?: string | null
          slot_token?: string | null
          sweep_at?: string | null
          trial_at?: string | null
          trial_conversation_id?: number | null
          trial_message_id?: number | null
          trials?: number
        }
        Update: {
          guarded_from?: string
          heard_at?: string | null
          id?: boolean
          log_due_at?: string
          log_error?: string | null
          log_ok_at?: string | null
          next_send_at?: string
          paused_at?: string | null
          paused_code?: string | null
          paused_fingerprint?: string | null
          paused_message?: string | null
          paused_reason?: string | null
          probe_at?: string | null
          probes?: number
          rang_at?: string | null
          reconcile_due_at?: string | null
          reconcile_error?: string | null
          reconcile_started_at?: string | null
          reconciled_at?: string | null
          restricted_at?: string | null
          restricted_until?: string | null
          resumed_at?: string | null
          session_at?: string | null
          session_status?: string | null
          slot_token?: string | null
          sweep_at?: string | null
          trial_at?: string | null
          trial_conversation_id?: number | null
          trial_message_id?: number | null
          trials?: number
        }
        Relationships: []
      }
    }
    Views: {
      [_ in never]: never
    }
    Functions: {
      act_on_bill: {
        Args: {
          p_action: string
          p_message_id: number
          p_of?: number
          p_supplies?: Json
        }
        Returns: Json
      }
      act_on_case: {
        Args: {
          p_action: string
          p_conversation_id?: number
          p_from?: string
          p_into?: string
          p_message_id?: number
          p_pod?: string
          p_reason?: string
          p_to?: string
          p_year?: number
        }
        Returns: Json
      }
      act_on_code: {
        Args: { p_accept: boolean; p_message_id: number }
        Returns: Json
      }
      act_on_conversation: {
        Args: {
          p_action: string
          p_client_id?: string
          p_conversation_id: number
          p_despite_objection?: boolean
          p_text?: string
          p_when?: string
        }
        Returns: Json
      }
      act_on_label: {
        Args: { p_date?: string; p_label: string; p_message_id: number }
        Returns: Json
      }
      act_on_message: {
        Args: { p_action: string; p_message_id: number }
        Returns: Json
      }
      act_on_objection: {
        Args: {
          p_conversation_id: number
          p_objects: boolean
          p_reason?: string
        }
        Returns: Json
      }
      act_on_sender: { Args: { p_action: string }; Returns: Json }
      add_number: {
        Args: { p_conversation_id: number; p_phone_number: string }
        Returns: Json
      }
      begin_sign_in: {
        Args: { p_address?: string; p_browser?: string; p_email: string }
        Returns: Json
      }
      bills_due: { Args: Record<PropertyKey, never>; Returns: boolean }
      claim_alerts: {
        Args: { p_database_bytes?: number; p_lease_ms: number }
        Returns: Json
      }
      claim_bill: {
        Args: { p_lease_ms: number; p_most_readers: number }
        Returns: Json
      }
      claim_chores: { Args: { p_limit: number }; Returns: Json }
      claim_log_read: { Args: { p_every_ms: number }; Returns: boolean }
      claim_media: {
        Args: { p_lease_ms: number; p_max_attempts: number }
        Returns: Json
      }
      claim_message: {
        Args: {
          p_ahead_ms?: number
          p_check_ms?: number
          p_fingerprint: string
          p_interval_ms: number
          p_lease_ms: number
          p_start_within_ms: number
          p_terms?: Json
        }
        Returns: Json
      }
      claim_reconciliation: { Args: { p_every_ms?: number }; Returns: boolean }
      claim_sweep: {
        Args: {
          p_legacy_too?: boolean
          p_limit: number
          p_media_days?: number
          p_webhook_days?: number
        }
        Returns: Json
      }
      complete_sign_in: {
        Args: { p_attempt: number; p_browser: string }
        Returns: Json
      }
      confirm_claim: {
        Args: {
          p_exists?: boolean
          p_interval_ms: number
          p_lease_token: string
        }
        Returns: Json
      }
      count_refused: {
        Args: { p_count: number; p_source: string }
        Returns: undefined
      }
      erase_customer: { Args: { p_id: number }; Returns: Json }
      erase_mentions: { Args: { p_id: number; p_limit: number }; Returns: Json }
      export_bills: { Args: { p_conversation_id?: number }; Returns: Json }
      export_conversations: {
        Args: {
          p_case?: string
          p_objection?: boolean
          p_q?: string
          p_state?: string
          p_todo?: string
          p_undelivered?: boolean
        }
        Returns: Json
      }
      finish_erasure: { Args: { p_id: number }; Returns: Json }
      finish_todo: {
        Args: { p_conversation_id: number; p_todo: string }
        Returns: Json
      }
      forget_media: { Args: { p_message_ids: number[] }; Returns: undefined }
      health_report: { Args: Record<PropertyKey, never>; Returns: Json }
      outbox_due: { Args: Record<PropertyKey, never>; Returns: boolean }
      pause_reminders: {
        Args: { p_conversation_id: number; p_until?: string }
        Returns: Json
      }
      read_bills: {
        Args: { p_before?: number; p_limit: number }
        Returns: Json
      }
      read_conversations: {
        Args: {
          p_before?: string
          p_case?: string
          p_limit: number
          p_objection?: boolean
          p_order?: string
          p_q?: string
          p_state?: string
          p_todo?: string
          p_undelivered?: boolean
        }
        Returns: Json
      }
      read_feed: { Args: { p_after?: string; p_limit: number }; Returns: Json }
      read_media: { Args: { p_message_id: number }; Returns: Json }
      read_thread: {
        Args: { p_before?: number; p_conversation_id: number; p_limit: number }
        Returns: Json
      }
      read_webhooks: {
        Args: {
          p_after: number
          p_id?: number
          p_limit: number
          p_outcome?: string
          p_since?: string
        }
        Returns: Json
      }
      record_cloudtalk_webhook: {
        Args: { p_ask: Json; p_call: Json; p_request: Json }
        Returns: Json
      }
      record_lid: {
        Args: { p_lid: string; p_phone_number: string }
        Returns: undefined
      }
      record_log: {
        Args: { p_entries: Json; p_error?: string }
        Returns: undefined
      }
      record_message_info: {
        Args: { p_status: string; p_wasender_id: string; p_whatsapp_id: string }
        Returns: undefined
      }
      record_probe: { Args: { p_session_status: string }; Returns: Json }
      record_ring: { Args: Record<PropertyKey, never>; Returns: undefined }
      record_wasender_webhook: {
        Args: { p_events: Json; p_request: Json }
        Returns: Json
      }
      record_webhook: {
        Args: { p_detail: string; p_outcome: string; p_request: Json }
        Returns: Json
      }
      reread_bills: { Args: { p_reader_version: number }; Returns: number }
      settle_alert: {
        Args: { p_kind: string; p_over: boolean }
        Returns: undefined
      }
      settle_bill: {
        Args: {
          p_bill_id: number
          p_lease_token: string
          p_reader_version?: number
          p_reading: Json
          p_retry_ms?: number
        }
        Returns: Json
      }
      settle_media: {
        Args: {
          p_detail: Json
          p_lease_token: string
          p_message_id: number
          p_outcome: string
        }
        Returns: Json
      }
      settle_message: {
        Args: {
          p_detail: Json
          p_interval_ms: number
          p_lease_token: string
          p_outcome: string
          p_started_ms_ago?: number
        }
        Returns: Json
      }
      settle_reconciliation: { Args: { p_error?: string }; Returns: undefined }
      start_erasure: { Args: { p_phone_number: string }; Returns: number }
      unknown_calls: { Args: { p_calls: Json }; Returns: Json }
      who_am_i: { Args: Record<PropertyKey, never>; Returns: Json }
      write_reminder_texts: { Args: { p_texts: string[] }; Returns: Json }
    }
    Enums: {
      [_ in never]: never
    }
    CompositeTypes: {
      [_ in never]: never
    }
  }
}

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] &
        DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] &
        DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R
      }
      ? R
      : never
    : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I
      }
      ? I
      : never
    : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U
      }
      ? U
      : never
    : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends (DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never) = never,
> = DefaultSchemaEnumNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
    : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never) = never,
> = PublicCompositeTypeNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
    : never

export const Constants = {
  public: {
    Enums: {},
  },
} as const
