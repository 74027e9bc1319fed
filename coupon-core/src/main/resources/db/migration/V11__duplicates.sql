-- One word for one thing: the contract says duplicate.
ALTER TABLE code_load_part RENAME COLUMN twins_in_file TO duplicates_in_file;
ALTER TABLE code_load_part RENAME COLUMN twins_in_other_books TO duplicates_in_other_books;
COMMENT ON COLUMN code_load_part.duplicates_in_file IS 'of the duplicates: those whose first copy is in the same load';
COMMENT ON COLUMN code_load_part.duplicates_in_other_books IS 'of the duplicates: those that are in another book';
