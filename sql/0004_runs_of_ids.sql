-- One value of these sequences stands for a run of ids: the importer takes 64 at a time, so that a
-- chunk of 10,000 rows asks 157 times for a value and not 10,000 times.

ALTER SEQUENCE record_record_id_seq INCREMENT BY 64;
ALTER SEQUENCE subject_subject_id_seq INCREMENT BY 64;
